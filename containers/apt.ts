import { isInstalled, output, run, say } from './run.ts';

/** Installs Debian packages, reading the package lists anew only when they turn out to be stale. */
export async function installPackages(names: string[]): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error(`installing ${names.join(', ')} takes root`);
  if (!(await isInstalled('apt-get'))) {
    throw new Error(`there is no apt-get to install ${names.join(', ')} with`);
  }
  say(`installing ${names.join(', ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const patient = ['-y', '-o', 'DPkg::Lock::Timeout=120'];
  const install = [...patient, 'install', '--no-install-recommends', ...names];
  const first = await run('apt-get', install, { env });
  if (first.code === 0) return;
  await output('apt-get', [...patient, 'update'], { env });
  await output('apt-get', install, { env });
}
