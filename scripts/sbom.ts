import type { Part } from './parts.ts';

/** Where it is in an artefact. */
export const SBOM_FILE = 'sbom.cdx.json';

interface Build {
  version: string;
  platform: string;
  commit: string;
  /** When the commit was made, since the epoch. */
  seconds: number;
}

/**
 * The bill of materials of one artefact, in CycloneDX 1.6. The same build has the
 * same bytes: there is no serial number, and the time is that of the commit.
 */
export function sbom(
  { version, platform, commit, seconds }: Build,
  parts: readonly Part[],
): string {
  const document = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      timestamp: new Date(seconds * 1000).toISOString(),
      component: {
        type: 'application',
        'bom-ref': `heph@${version}`,
        name: 'heph',
        version,
        licenses: [{ license: { id: 'MIT' } }],
        properties: [
          { name: 'heph:commit', value: commit },
          { name: 'heph:platform', value: platform },
        ],
      },
    },
    components: parts.map(component),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function component({ name, version, kind, licence, purl, cpe, integrity }: Part) {
  return {
    type: kind,
    'bom-ref': purl,
    name,
    version,
    ...(integrity === undefined ? {} : { hashes: [hash(integrity)] }),
    licenses: [licence.includes(' ') ? { expression: licence } : { license: { id: licence } }],
    ...(cpe === undefined ? {} : { cpe }),
    purl,
  };
}

/** From `sha512-` and base64, as npm writes it. */
function hash(integrity: string) {
  const [algorithm = '', base64 = ''] = integrity.split('-');
  const alg = algorithm.toUpperCase().replace(/^SHA/, 'SHA-');
  return { alg, content: Buffer.from(base64, 'base64').toString('hex') };
}
