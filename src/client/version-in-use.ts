import { readlinkSync, realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { VERSION } from '#protocol/version.ts';

/**
 * The version that is installed, as of now: hephd may have gone over to another
 * since this client was started, and then it is the client that is of yesterday.
 * @param executable the client's own, links resolved.
 */
export function versionInUse(executable: string, dataDir: string): string {
  try {
    const folder = realpathSync(dataDir);
    const isInstalled = executable.startsWith(`${folder}/versions/`);
    return isInstalled ? basename(readlinkSync(`${folder}/current`)) : VERSION;
  } catch {
    return VERSION;
  }
}
