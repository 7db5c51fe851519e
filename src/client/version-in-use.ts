import { readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { VERSION } from '#protocol/version.ts';

/**
 * The version that is installed, as of now: hephd may have gone over to another
 * since this client was started, and then it is the client that is of yesterday.
 * @param executable the client's own, links resolved.
 */
export function versionInUse(executable: string, dataDir: string): string {
  if (!executable.startsWith(`${dataDir}/versions/`)) return VERSION;
  try {
    return basename(readlinkSync(`${dataDir}/current`));
  } catch {
    return VERSION;
  }
}
