import { installedOn } from './installed.ts';
import { mainJob } from './main-job.ts';
import { mishaps } from './mishaps.ts';
import { sessions } from './sessions.ts';

/**
 * What heph must do on every target, with the artefact that its users get. Which
 * line of the promise is shown where: `docs/explanation/service-planning.md`.
 */
export async function matrixOn(name: string): Promise<void> {
  const machine = await installedOn(name);
  mainJob(machine);
  mishaps(machine);
  // The last: a reboot is everybody's.
  sessions(machine);
}
