import { basename } from 'node:path';
import { execa } from 'execa';
import { SBOM_FILE } from './sbom.ts';

/**
 * The bill of materials that an archive holds, and what it is called beside it: on
 * a feed one can be read without 100 MB of archive.
 * @throws when the archive has none.
 */
export async function sbomIn(archive: string): Promise<{ name: string; text: string }> {
  const name = basename(archive, '.tar.gz');
  const { stdout, failed } = await execa('tar', ['-xzOf', archive, `${name}/${SBOM_FILE}`], {
    reject: false,
    stripFinalNewline: false,
  });
  if (failed)
    throw new Error(
      `cannot release ${basename(archive)}: it has no ${SBOM_FILE}; run npm run package first`,
    );
  return { name: `${name}.cdx.json`, text: stdout };
}
