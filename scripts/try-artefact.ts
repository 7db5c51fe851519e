/**
 * Install the packaged artefact in a home of its own, have it serve, ask it, and
 * remove it again: what a release must do on every platform before it is one.
 */
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { buildCommit, buildVersion, platform, root, say } from './support.ts';

const version = await buildVersion();
const name = `heph-${version}-${platform}`;
const home = await realpath(await mkdtemp(`${tmpdir()}/heph-`));
const bin = `${home}/.local/bin`;
try {
  const archive = `${root}/build/${name}.tar.gz`;
  await execa('tar', ['-xzf', archive, '-C', home]);
  await run(`${home}/${name}/install.sh`);
  await expectStart(`heph ${version} (${await buildCommit()})`, run(`${bin}/heph`, '--version'));
  await expectStart(`hephd ${version}`, run(`${bin}/hephd`, '--version'));
  await serveAndAsk();
  await run(`${home}/.local/share/heph/current/install.sh`, '--remove');
  say(`${name} installs, serves and is removed again`);
} finally {
  await rm(home, { recursive: true, force: true });
}

/** As the service manager would, by the launcher. */
async function serveAndAsk(): Promise<void> {
  const launcher = `${home}/.local/share/heph/launcher/hephd`;
  const daemon = execa(launcher, ['--mode', 'local'], { ...isolated(), reject: false });
  const log = `${home}/.local/share/heph/hephd.log`;
  const isServing = async () => (await readFile(log, 'utf8').catch(() => '')).includes('serving');
  for (let tries = 0; tries < 400 && !(await isServing()); tries++) await sleep(50);
  try {
    await expectStart('filed 01', run(`${bin}/heph`, 'task', 'Try heph'));
    const [row] = JSON.parse(await run(`${bin}/heph`, 'next', '--json')) as { title: string }[];
    if (row?.title !== 'Try heph') throw new Error('cannot find what was filed a moment ago');
  } finally {
    daemon.kill('SIGTERM');
  }
  const { exitCode, stderr } = await daemon;
  if (exitCode !== 0) throw new Error(`cannot end hephd: exit code ${exitCode}\n${stderr}`);
}

async function run(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await execa(program, args, isolated());
  return stdout;
}

/** Nothing of the machine's own heph is met. */
function isolated() {
  return { env: { HOME: home, PATH: '/usr/bin:/bin' }, extendEnv: false, cwd: home } as const;
}

async function expectStart(start: string, saying: Promise<string>): Promise<void> {
  const said = await saying;
  if (!said.startsWith(start))
    throw new Error(`cannot accept ${JSON.stringify(said)}: not ${start}`);
}
