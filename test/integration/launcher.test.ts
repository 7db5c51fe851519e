import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { root } from '../../scripts/support.ts';
import { Sandbox } from '../support/sandbox.ts';

const TEXT = readFileSync(`${root}/scripts/artefact/launcher`, 'utf8');

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.make();
  put('launcher/hephd', TEXT, 0o755);
});
afterEach(() => sandbox[Symbol.asyncDispose]());

const heph = (path: string) => sandbox.at("it's a home", path);
const said = () =>
  existsSync(heph('said')) ? readFileSync(heph('said'), 'utf8').trim().split('\n') : [];
const inUse = () => readlinkSync(heph('current'));
const probation = () =>
  existsSync(heph('update/probation')) ? readFileSync(heph('update/probation'), 'utf8') : null;

function put(path: string, text: string, mode = 0o600): void {
  mkdirSync(dirname(heph(path)), { recursive: true });
  writeFileSync(heph(path), text, { mode });
}

/** A version whose hephd says how it was started, then does what `trial` or `serve` say. */
function version(name: string, { trial = 'exit 1', serve = 'exit 0' } = {}): void {
  put(
    `versions/${name}/bin/hephd`,
    `#!/bin/sh
home=$(dirname "$0")/../../..
echo "${name} $*\${HEPH_GAVE_BACK:+ $HEPH_GAVE_BACK}" >>"$home/said"
commit() { rm "$home/update/probation"; }
if [ "$1" = --trial ]; then ${trial}; else ${serve}; fi
`,
    0o755,
  );
}

function use(name: string): void {
  symlinkSync(`versions/${name}`, heph('current'));
}

const onProbation = (boots: string | number = 0, more = '') =>
  put('update/probation', `from 1.0.0\nto 2.0.0\nboots ${boots}\n${more}`);

function start(env: Record<string, string> = {}) {
  return execa(heph('launcher/hephd'), ['--mode', 'local'], { reject: false, env });
}

/** The PATH with a folder of ours before the others. */
const pathWith = (folder: string) => `${heph(folder)}:${process.env['PATH'] ?? ''}`;

test('it becomes the version in use: its own process, its words, its exit code', async () => {
  version('1.0.0', { serve: 'echo $$; exit 7' });
  use('1.0.0');
  const process = start();
  expect(await process).toMatchObject({ exitCode: 7, stdout: String(process.pid), stderr: '' });
  expect(said()).toEqual(['1.0.0 --mode local']);
});

test('without a version in use it says so, and is not to be tried again', async () => {
  const { exitCode, stderr } = await start();
  expect(exitCode).toBe(78);
  expect(stderr).toMatch(
    /^cannot start hephd: .*current\/bin\/hephd is not there; run install\.sh/,
  );
});

test('it cannot go back to a version that has gone, says so, and is not tried for ever', async () => {
  version('2.0.0');
  use('2.0.0');
  onProbation();
  const { exitCode, stderr } = await start();
  expect(exitCode).toBe(78);
  expect(stderr).toMatch(
    'cannot start hephd: 2.0.0 does not work, and 1.0.0 is not there any more; run install.sh',
  );
});

describe('on probation', () => {
  beforeEach(() => {
    version('1.0.0');
    use('1.0.0');
    onProbation();
  });

  test('a version that commits itself goes on', async () => {
    version('2.0.0', { trial: 'commit' });
    const process = start();
    expect(await process).toMatchObject({ exitCode: 0, stderr: '' });
    expect(said()).toEqual(['2.0.0 --trial --mode local', '2.0.0 --mode local']);
    expect(inUse()).toBe('versions/2.0.0');
  });

  test('one that needs two tries does so, too', async () => {
    version('2.0.0', { trial: '[ -e "$home/tried" ] && commit || { : >"$home/tried"; exit 1; }' });
    await start();
    expect(said()).toEqual([
      '2.0.0 --trial --mode local',
      '2.0.0 --trial --mode local',
      '2.0.0 --mode local',
    ]);
  });

  test('one that commits itself and then dies has committed itself', async () => {
    version('2.0.0', { trial: 'commit; kill -9 $$' });
    await start();
    expect(said().at(-1)).toBe('2.0.0 --mode local');
  });

  test.each([
    ['fails', 'exit 1', '1'],
    ['says that its configuration is wrong', 'exit 78', '78'],
    ['leaves as if all were well', 'exit 0', '0'],
    ['crashes', 'kill -SEGV $$', '139'],
  ])('one that %s, twice, gives back to the version before', async (_, trial, code) => {
    version('2.0.0', { trial });
    expect((await start()).exitCode).toBe(0);
    expect(said()).toEqual([
      '2.0.0 --trial --mode local',
      '2.0.0 --trial --mode local',
      `1.0.0 --mode local ${code}`,
    ]);
    expect(inUse()).toBe('versions/1.0.0');
    expect(probation(), 'the version before takes it away, once the store is back').toBe(
      'from 1.0.0\nto 2.0.0\nboots 0\n\nboots 1\n\nboots 2\n\nboots 2\n',
    );
  });

  test.each([
    ['cannot be executed', () => put('versions/2.0.0/bin/hephd', '#!/bin/sh\n')],
    ['is no program', () => put('versions/2.0.0/bin/hephd', '\0\0', 0o755)],
    ['is not there', () => undefined],
  ])('one that %s gives back as well', async (_, arrange) => {
    arrange();
    expect((await start()).exitCode).toBe(0);
    expect(said()).toEqual([expect.stringMatching(/^1\.0\.0 --mode local 12[67]$/)]);
    expect(inUse()).toBe('versions/1.0.0');
  });

  test('one that hangs is killed when its time is over, and not tried again', async () => {
    onProbation(0, 'limit 1\n');
    version('2.0.0', { trial: 'trap "" TERM; exec sleep 100' });
    await start();
    expect(said()).toEqual(['2.0.0 --trial --mode local', '1.0.0 --mode local 137']);
  });

  test.each([
    ['no limit', '', '20'],
    ['no number', 'limit 1x\n', '20'],
    ['far too long', 'limit 99999\n', '20'],
    ['what a large store needs', 'limit 150\n', '150'],
  ])('what a try may take, where %s is noted', async (_, line, limit) => {
    onProbation(0, line);
    version('2.0.0', { trial: 'commit' });
    put('programs/sleep', '#!/bin/sh\necho "$1" >>"$SLEPT"\n', 0o755);
    await start({ PATH: pathWith('programs'), SLEPT: heph('slept') });
    await expect.poll(() => existsSync(heph('slept'))).toBe(true);
    expect(readFileSync(heph('slept'), 'utf8')).toBe(`${limit}\n`);
  });

  test('what kills a try that is too long goes with the try', async () => {
    onProbation(0, 'limit 1000\n');
    version('2.0.0', {
      trial: 'while [ ! -e "$home/pid" ]; do sleep 0.01; done; commit',
    });
    put(
      'programs/sleep',
      `#!/bin/sh\ncase $1 in 1000) echo $$ >"$PID" ;; esac\nPATH=\${PATH#*:}; exec sleep "$1"\n`,
      0o755,
    );
    await start({ PATH: pathWith('programs'), PID: heph('pid') });
    const pid = Number(readFileSync(heph('pid'), 'utf8'));
    const isAlive = () => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    await expect.poll(isAlive, { timeout: 20_000 }).toBe(false);
  });

  test('told to go meanwhile, it goes, and that counts for nothing', async () => {
    version('2.0.0', {
      trial: ': >"$home/trying"; trap "kill \\$!; exit 0" TERM; sleep 100 & wait',
    });
    const process = start();
    await expect.poll(() => existsSync(heph('trying')), { timeout: 20_000 }).toBe(true);
    process.kill('SIGTERM');
    expect((await process).exitCode).toBe(0);
    expect(said()).toEqual(['2.0.0 --trial --mode local']);
    expect(probation()).toBe('from 1.0.0\nto 2.0.0\nboots 0\n\nboots 1\n\nboots 0\n');
  });

  test.each([
    ['', 2],
    ['\nboots 1\n', 1],
    ['\nboots 1\n\nboots 0\n', 2],
    // A power cut has left a part of what was added: that try counts for nothing.
    ['\nbo', 2],
    ['\nboots 1', 2],
    ['\nboots 1\n\nboots ', 1],
  ])('with %j added to what it is told, tries are left: %i', async (added, tries) => {
    version('2.0.0', { trial: 'exit 1' });
    onProbation(0, added);
    await start();
    expect(said().slice(0, -1)).toEqual(Array(tries).fill('2.0.0 --trial --mode local'));
    expect(said().at(-1)).toBe('1.0.0 --mode local 1');
  });

  test('told to stop during a trial that ends well all the same, it stops', async () => {
    version('2.0.0', {
      trial: `trap '' TERM; touch "$home/trying"; sleep 0.5; commit; exit 0`,
    });
    const process = start();
    await expect.poll(() => existsSync(heph('trying')), { timeout: 20_000 }).toBe(true);
    process.kill('SIGTERM');
    expect((await process).exitCode).toBe(0);
    // Nobody was told to stop a daemon that came after it.
    expect(said()).toEqual(['2.0.0 --trial --mode local']);
    expect(probation()).toBeNull();
  });

  test('without room for a note it goes back without a try, and says so', async () => {
    version('2.0.0');
    // Where a file may have 512 bytes, what is noted here may not grow, and all else may.
    onProbation(0, '\n'.repeat(600));
    const full = 'trap "" XFSZ; ulimit -f 1; exec launcher/hephd --mode local';
    await execa('sh', ['-c', full], { cwd: heph('.'), reject: false });
    expect(said()).toEqual(['1.0.0 --mode local disk']);
  });

  test('without room for a link it does the same', async () => {
    version('2.0.0');
    put('full-disk/mv', '#!/bin/sh\nexit 1\n', 0o755);
    await start({ PATH: pathWith('full-disk') });
    expect(said()).toEqual(['1.0.0 --mode local disk']);
    expect(readdirSync(heph('update'))).toEqual(['probation']);
  });

  test('killed in the middle of it, the next start knows how often it was tried', async () => {
    version('2.0.0', { trial: 'kill -9 $PPID; sleep 1; exit 1' });
    for (let i = 0; i < 2; i++) expect((await start()).signal).toBe('SIGKILL');
    expect((await start()).exitCode).toBe(0);
    expect(said().at(-1)).toBe('1.0.0 --mode local unknown');
    expect(inUse()).toBe('versions/1.0.0');
  });

  test('a link that a launcher of the same number left when it was killed is in nobody’s way', async () => {
    version('2.0.0', { trial: 'commit' });
    const left = 'ln -s versions/1.0.0 ".current.$$"; exec launcher/hephd --mode local';
    await execa('sh', ['-c', left], { cwd: heph('.') });
    expect(inUse()).toBe('versions/2.0.0');
    expect(said().at(-1)).toBe('2.0.0 --mode local');
  });

  test('is none of what is asked of the version in use', async () => {
    version('2.0.0', { trial: 'commit' });
    await execa(heph('launcher/hephd'), ['--version']);
    expect(said()).toEqual(['1.0.0 --version']);
  });

  test.each([['2'], ['7'], ['x'], ['-1'], ['']])(
    'with boots "%s" there is no further try',
    async (boots) => {
      version('2.0.0', { trial: 'commit' });
      onProbation(boots);
      await start();
      expect(said()).toEqual(['1.0.0 --mode local unknown']);
    },
  );
});

test.each([
  ['an empty file', ''],
  ['half a file', 'from 1.0.0\n'],
  ['a path in place of a version', 'from ../../1.0.0\nto 2.0.0\nboots 0\n'],
  ['another path', 'from 1.0.0\nto ..\nboots 0\n'],
  ['words', 'from 1.0.0; reboot\nto 2.0.0\nboots 0\n'],
])('%s is no probation: the version in use is', async (_, text) => {
  version('1.0.0');
  version('2.0.0', { trial: 'commit' });
  use('1.0.0');
  put('update/probation', text);
  expect((await start()).exitCode).toBe(0);
  expect(said()).toEqual(['1.0.0 --mode local']);
});
