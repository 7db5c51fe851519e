import { awaitAnswer, awaitGone } from '#service/await.ts';
import { UNIT_MODE } from '#service/ownership.ts';
import type { ServiceBackend, ServicePorts, ServiceSpec, Step } from '#service/service.ts';

/** How long clients wait for the next daemon, once told that one is coming. */
const HAND_OVER_MS = 10_000;

/**
 * Take the steps, one after another; the first failure ends it. Run again, the
 * verb goes on from wherever that left things.
 * @throws {ServiceError}
 */
export async function apply(
  steps: readonly Step[],
  spec: ServiceSpec,
  backend: ServiceBackend,
  ports: ServicePorts,
): Promise<void> {
  try {
    for (const step of steps) await take(step, spec, backend, ports);
  } catch (error) {
    // No daemon is coming: clients need not wait for one.
    await ports.files.remove(spec.paths.handOver).catch(() => undefined);
    throw error;
  }
}

async function take(
  step: Step,
  spec: ServiceSpec,
  backend: ServiceBackend,
  ports: ServicePorts,
): Promise<void> {
  const { files } = ports;
  switch (step.do) {
    case 'make-folder':
      return files.makeFolder(step.target, 0o700);
    case 'keep-copy':
    case 'write-unit':
      return files.write(step.target, step.text, UNIT_MODE);
    case 'remove-unit':
    case 'withdraw-hand-over':
      return files.remove(step.target);
    case 'announce-hand-over': {
      const handOver = { until_ms: ports.nowMs() + HAND_OVER_MS };
      return files.write(step.target, `${JSON.stringify(handOver)}\n`, 0o600);
    }
    case 'await-answer':
      return awaitAnswer(step.notPid, spec, backend, ports);
    case 'await-gone':
      return awaitGone(spec, backend, ports);
    default:
      return backend.perform(step, spec);
  }
}
