import { apply } from '#service/apply.ts';
import { plan, type Verb } from '#service/plan.ts';
import { look, statusOf, type Status } from '#service/status.ts';
import {
  isManagerStep,
  ServiceError,
  type ServiceBackend,
  type ServicePorts,
  type ServiceSpec,
  type Step,
} from '#service/service.ts';

/** What a verb did, or would do. */
export interface Report {
  verb: Verb;
  /** Whether there was anything to do. */
  changed: boolean;
  steps: Step[];
  /** How things are now. */
  status: Status;
}

/**
 * See what is, decide what to do, do it, see again.
 * @throws {ServiceError}
 */
export async function reconcile(
  verb: Verb,
  spec: ServiceSpec,
  backend: ServiceBackend,
  ports: ServicePorts,
  { isDryRun }: { isDryRun: boolean },
): Promise<Report> {
  refuseSudo(verb, ports, spec);
  const before = await look(spec, backend, ports);
  const wanted = backend.render(spec);
  const situation = { spec, wanted, ...before };
  const steps = plan(verb, situation).filter(
    (step) => !isManagerStep(step) || backend.takes(step.do),
  );
  if (!isDryRun) await apply(steps, spec, backend, ports);
  const after = isDryRun || steps.length === 0 ? before : await look(spec, backend, ports);
  return {
    verb,
    changed: steps.length > 0,
    steps,
    status: await statusOf(after, spec, backend, ports),
  };
}

/** For root, "your" service would be root's, and every file it writes unreadable for you. */
function refuseSudo(verb: Verb, { env }: ServicePorts, { uid }: ServiceSpec): void {
  const user = env['SUDO_USER'];
  if (uid !== 0 || user === undefined || user === '' || user === 'root') return;
  const message = `cannot ${verb} hephd with sudo: it is a service of your own, not of root`;
  throw new ServiceError('refused', message, `as ${user}, without sudo: heph daemon ${verb}`);
}
