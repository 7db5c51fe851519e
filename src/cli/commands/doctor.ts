import type { RunCommandLine } from '#cli/command.ts';
import { EXIT } from '#cli/fail.ts';
import { variablesSet } from '#cli/note-overrides.ts';
import { printFindings } from '#cli/print/doctor.ts';
import { serviceRoot } from '#cli/service-root.ts';
import { openClient } from '#client/open.ts';
import { checkUp, type Verdict } from '#service/checkup.ts';
import { diagnose } from '#service/doctor.ts';

/** Looks at everything that can be wrong with the installed heph, and changes nothing. */
export const run: RunCommandLine = async (_input, context) => {
  const { spec, backend, ports } = await serviceRoot(context);
  const client = openClient(spec.paths);
  const store = async (): Promise<Verdict> => {
    try {
      const { problems } = await client.read('store.check', {});
      return problems.length === 0
        ? { kind: 'sound' }
        : { kind: 'broken', why: `${spec.paths.db}: ${problems.join('; ')}` };
    } catch (error) {
      return { kind: 'unknown', why: `hephd did not say: ${(error as Error).message}` };
    }
  };
  try {
    const findings = diagnose(
      await checkUp(spec, backend, ports, { store }, variablesSet(context)),
    );
    printFindings(context, findings);
    return findings.some(({ state }) => state === 'bad') ? EXIT.failed : EXIT.done;
  } finally {
    client.close();
  }
};
