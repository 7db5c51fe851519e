import { apply } from '#service/apply.ts';
import { refuseAsker } from '#service/guard.ts';
import { exclusively } from '#service/lock.ts';
import { copyPath, plan, type Verb } from '#service/plan.ts';
import { look, type Sighting } from '#service/look.ts';
import { statusOf, type Status } from '#service/status.ts';
import {
  isManagerStep,
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
  /** What an uninstall leaves in place because it is the user's. */
  left: string[];
  /** How things are now. */
  status: Status;
}

/**
 * See what is, decide what to do, do it, see again; no other command does so
 * meanwhile.
 * @throws {ServiceError}
 */
export async function reconcile(
  verb: Verb,
  spec: ServiceSpec,
  backend: ServiceBackend,
  ports: ServicePorts,
  { isDryRun }: { isDryRun: boolean },
): Promise<Report> {
  await refuseAsker(verb, spec, backend, ports);
  const rehearse = () => run(verb, spec, backend, ports, true);
  if (isDryRun) return rehearse();
  const { dataDir } = spec.paths;
  if ((await ports.files.stat(dataDir)) === null) {
    // There is no place for the lock yet. Nothing to do, or not allowed: that needs none.
    const report = await rehearse();
    if (!report.changed) return report;
    const makes = report.steps.some((step) => step.do === 'make-folder' && step.target === dataDir);
    if (makes) await ports.files.makeFolder(dataDir, 0o700);
  }
  return exclusively(spec, ports, () => run(verb, spec, backend, ports, false));
}

async function run(
  verb: Verb,
  spec: ServiceSpec,
  backend: ServiceBackend,
  ports: ServicePorts,
  isDryRun: boolean,
): Promise<Report> {
  let before = await look(spec, backend, ports);
  let steps = stepsFor(verb, before, spec, backend);
  if (!isDryRun) {
    try {
      await apply(steps, spec, backend, ports);
    } catch (error) {
      if (begins(steps)) throw error;
      // What was on its way when we came, it may be in the state before: it is not this start's.
      before = await look(spec, backend, ports);
      steps = stepsFor(verb, before, spec, backend);
      if (!begins(steps)) throw error;
      await apply(steps, spec, backend, ports);
    }
  }
  const after = isDryRun || steps.length === 0 ? before : await look(spec, backend, ports);
  return {
    verb,
    changed: steps.length > 0,
    steps,
    left: verb === 'uninstall' ? await leftBy(before, spec, ports) : [],
    status: await statusOf(after, spec, backend, ports),
  };
}

function stepsFor(
  verb: Verb,
  sighting: Sighting,
  spec: ServiceSpec,
  backend: ServiceBackend,
): Step[] {
  const situation = { spec, wanted: backend.render(spec), ...sighting };
  return plan(verb, situation).filter((step) => !isManagerStep(step) || backend.takes(step.do));
}

/** Whether the process that is waited for is one that the steps themselves begin. */
function begins(steps: readonly Step[]): boolean {
  return steps.some((step) => step.do === 'start' || step.do === 'restart');
}

async function leftBy(
  { observed }: Sighting,
  { unitPath }: ServiceSpec,
  { files }: ServicePorts,
): Promise<string[]> {
  const copy = copyPath(unitPath);
  const isThere = (await files.stat(copy)) !== null;
  return [...(isThere ? [copy] : []), ...observed.dropIns];
}
