import type { Verb } from '#service/plan.ts';
import { look } from '#service/look.ts';
import { reconcile, type Report } from '#service/reconcile.ts';
import type { ServiceBackend, ServicePorts, ServiceSpec } from '#service/service.ts';
import { statusOf, type Status } from '#service/status.ts';

/** A machine with a service manager, real or not, and nothing installed. */
export interface ServiceWorld extends AsyncDisposable {
  spec: ServiceSpec;
  ports: ServicePorts;
  backend: ServiceBackend;
  /** Signals the daemon's process. */
  signal(pid: number, signal: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP'): Promise<void>;
  /** What the stand-in does from its next start: `exit 3`, `silent`, `version 0.0.9`; '' is normal. */
  behave(behaviour: string): Promise<void>;
}

export function run(verb: Verb, { spec, backend, ports }: ServiceWorld): Promise<Report> {
  return reconcile(verb, spec, backend, ports, { isDryRun: false });
}

export async function status({ spec, backend, ports }: ServiceWorld): Promise<Status> {
  return statusOf(await look(spec, backend, ports), spec, backend, ports);
}

/** The first status that fits; managers take their time to notice. */
export async function until(
  world: ServiceWorld,
  fits: (status: Status) => boolean,
): Promise<Status> {
  for (let tries = 0; ; tries++) {
    const seen = await status(world);
    if (fits(seen)) return seen;
    if (tries > 200) throw new Error(`it never came to that: ${JSON.stringify(seen)}`);
    await world.ports.sleep(50);
  }
}
