import { isInstalled, output, run, say } from './run.ts';

/** Installs Debian packages, reading the package lists anew only when they turn out to be stale. */
export async function installPackages(names: string[]): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  // A CI's runner may become root without being asked; a person is not taken by surprise.
  if (!isRoot && process.env.CI !== 'true') {
    throw new Error(`installing ${names.join(', ')} takes root`);
  }
  if (!(await isInstalled('apt-get'))) {
    throw new Error(`there is no apt-get to install ${names.join(', ')} with`);
  }
  say(`installing ${names.join(', ')}`);
  const apt = ['apt-get', '-y', '-o', 'DPkg::Lock::Timeout=120'];
  const quietly = ['env', 'DEBIAN_FRONTEND=noninteractive', ...apt];
  const [program = '', ...before] = isRoot ? quietly : ['sudo', '-n', ...quietly];
  const install = [...before, 'install', '--no-install-recommends', ...names];
  const first = await run(program, install);
  if (first.code === 0) return;
  await output(program, [...before, 'update']);
  await output(program, install);
}
