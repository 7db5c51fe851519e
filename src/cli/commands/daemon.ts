import type { Context, Input, RunCommandLine } from '#cli/command.ts';
import { EXIT } from '#cli/fail.ts';
import { noteOverrides } from '#cli/note-overrides.ts';
import { printReport, printStatus } from '#cli/print/service.ts';
import { serviceRoot, type ServiceRoot } from '#cli/service-root.ts';
import { look } from '#service/look.ts';
import { foreignPid, type Verb } from '#service/plan.ts';
import { reconcile } from '#service/reconcile.ts';
import { ServiceError } from '#service/service.ts';
import { blindStatus, statusOf } from '#service/status.ts';

/** All five verbs. */
export const run: RunCommandLine = async (input, context) => {
  noteOverrides(context);
  const root = await serviceRoot(context);
  const verb = verbOf(input);
  if (verb === 'status') return printStatusOf(context, root);
  const isDryRun = input.flag('dry-run');
  const report = await reconcile(verb, root.spec, root.backend, root.ports, { isDryRun });
  printReport(context, report, { isDryRun });
  return EXIT.done;
};

function verbOf(input: Input): Verb | 'status' {
  return input.command.path[1] as Verb | 'status';
}

async function printStatusOf(
  context: Context,
  { spec, backend, ports }: ServiceRoot,
): Promise<number> {
  try {
    const sighting = await look(spec, backend, ports);
    const status = await statusOf(sighting, spec, backend, ports);
    printStatus(context, status);
    if (status.healthy) return EXIT.done;
    return status.running || foreignPid(sighting) !== null ? EXIT.failed : EXIT.noDaemon;
  } catch (error) {
    if (!(error instanceof ServiceError) || error.kind !== 'unreachable') throw error;
    printStatus(context, await blindStatus(spec, error, ports));
    return EXIT.cannotTell;
  }
}
