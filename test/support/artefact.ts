import { VERSION } from '#protocol/version.ts';
import { platform, root } from '../../scripts/support.ts';
import type { Target, TargetUser } from './target.ts';

/** Where a target keeps the unpacked artefact, for any of its users to install. */
export const UNPACKED = '/opt/artefact';

/** What `npm run package` made of this tree. */
const ARTEFACT = `${root}/build/heph-${VERSION}-${platform}.tar.gz`;

/** Bring the artefact to a target, once. */
export async function unpackArtefact(target: Target): Promise<void> {
  await target.copyIn(ARTEFACT, '/opt/artefact.tar.gz');
  const script = `mkdir -p ${UNPACKED} && tar -xzf /opt/artefact.tar.gz -C ${UNPACKED} --strip-components=1`;
  const { code, stderr } = await target.exec(['sh', '-c', script], { user: 'root' });
  if (code !== 0) throw new Error(stderr);
}

/** A new user with heph installed, and a way to run it. */
export async function installFor(
  target: Target,
  name: string,
  options: { home?: string; linger?: boolean } = {},
): Promise<{ user: TargetUser; sh: Shell }> {
  const user = await target.addUser(name, options);
  const sh: Shell = (script, env = {}) =>
    target.exec(['bash', '-c', script], { user: name, env, timeoutMs: 120_000 });
  const { code, stdout, stderr } = await sh(`${UNPACKED}/install.sh`);
  if (code !== 0) throw new Error(stdout + stderr);
  return { user, sh };
}

export type Shell = (
  script: string,
  env?: Record<string, string | undefined>,
) => Promise<{ code: number; stdout: string; stderr: string }>;
