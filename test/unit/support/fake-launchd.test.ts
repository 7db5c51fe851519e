import { chmodSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive, STAND_IN, TemporaryHome, told, until } from '../../support/fake-bench.ts';
import { FakeLaunchd } from '../../support/fake-launchd.ts';

const LABEL = 'org.hephaestus.hephd';
const GUI = `gui/501/${LABEL}`;
const UID = process.getuid?.() ?? 0;

let home: TemporaryHome;
let fake: FakeLaunchd;

beforeEach(() => {
  home = new TemporaryHome();
  fake = new FakeLaunchd({ home: home.path, timeScale: 0.02 });
});

afterEach(async () => {
  await fake[Symbol.asyncDispose]();
  home[Symbol.dispose]();
});

/** `launchctl …`, and what it told. `501` in both is whoever runs this. */
async function launchctl(line: string): Promise<string> {
  const args = line.replaceAll('501', String(UID)).replace('@', plistPath()).split(' ');
  const text = told(await fake.run('launchctl', args, { limitMs: 5000 }));
  return text.replaceAll(`${UID}/`, '501/').replaceAll(`gui: ${UID}`, 'gui: 501');
}

function plistPath(): string {
  return join(home.path, `Library/LaunchAgents/${LABEL}.plist`);
}

function plist(words = '', keys = '<key>KeepAlive</key><true/>'): string {
  const program = [STAND_IN, ...words.split(' ')].map((word) => `<string>${word}</string>`);
  return home.write(
    `Library/LaunchAgents/${LABEL}.plist`,
    `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
  <key>Label</key><string>${LABEL}</string>
  <!-- What runs. -->
  <key>ProgramArguments</key><array>${program.join('')}</array>
  <key>StandardOutPath</key><string>${home.path}/log</string>
  ${keys}
</dict></plist>
`,
  );
}

/** A field of the job's own, one tab deep; null where there is none. */
async function field(name: string): Promise<string | null> {
  const text = await launchctl(`print ${GUI}`);
  return new RegExp(`^\\t${name} = (.*)$`, 'm').exec(text)?.[1] ?? null;
}

async function pid(): Promise<number> {
  return Number(await field('pid'));
}

async function started(times = 1): Promise<void> {
  await until(() => home.lines('log').length >= times);
}

const NOT_FOUND = `Could not find service "${LABEL}" in domain for user gui: 501\nrc 113`;

describe('without a job', () => {
  it.each([
    [`print ${GUI}`, `Bad request.\n${NOT_FOUND}`],
    [`kickstart ${GUI}`, NOT_FOUND],
    [`kill TERM ${GUI}`, NOT_FOUND],
    [`bootout ${GUI}`, 'Boot-out failed: 3: No such process\nrc 3'],
    [`enable ${GUI}`, 'rc 0'],
    [`disable ${GUI}`, 'rc 0'],
    ['print-disabled gui/501', 'disabled services = {\n}\nrc 0'],
    ['managername', 'Aqua\nrc 0'],
    [`list ${LABEL}`, `Could not find service "${LABEL}" in domain for port\nrc 113`],
    ['frobnicate', 'Unrecognized subcommand: frobnicate\nrc 64'],
  ])('%s', async (line, expected) => {
    expect(await launchctl(line)).toBe(expected);
  });

  it.each([
    ['bootstrap nonsense @', 64],
    ['bootstrap --bogus gui/501 @', 64],
    [`bootout --wait ${GUI}`, 64],
    ['bootstrap gui/1 @', 125],
    ['bootstrap gui/501 /nope.plist', 5],
  ])('%s: %s', async (line, code) => {
    plist();
    fake.preload('gui', plistPath());
    expect(await launchctl(line)).toMatch(new RegExp(`rc ${code}$`));
  });
});

describe('a life', () => {
  it('begins with bootstrap and ends with bootout', async () => {
    plist('a b');
    expect(await launchctl('bootstrap gui/501 @')).toBe('rc 0');
    await started();
    const first = await pid();
    expect(home.lines('log')).toEqual([`started ${first} a b`]);
    expect(await launchctl(`kickstart ${GUI}`)).toBe('rc 37');
    expect(await launchctl('bootstrap gui/501 @')).toMatch(/^Bootstrap failed: 5: .*\n.*\nrc 5$/);
    expect(await pid()).toBe(first);
    expect(await launchctl(`bootout ${GUI}`)).toBe('rc 0');
    await until(async () => (await launchctl(`print ${GUI}`)).endsWith('rc 113'));
    expect(isAlive(first)).toBe(false);
  });

  it('prints blocks that have a state of their own', async () => {
    plist();
    await launchctl('bootstrap gui/501 @');
    const text = await launchctl(`print ${GUI}`);
    expect(text).toMatch(new RegExp(`^${GUI} = {\n\tactive count = 1\n\tpath = ${plistPath()}\n`));
    expect(text.match(/^\tstate = .*$/gm)).toEqual(['\tstate = running']);
    expect(text.match(/^\t\tstate = .*$/gm)).toEqual(['\t\tstate = active', '\t\tstate = active']);
    expect(text).toContain(`\targuments = {\n\t\t${STAND_IN}\n`);
    expect(await field('runs')).toBe('1');
    expect(await field('last exit code')).toBe('(never exited)');
    expect(await field('properties')).toBe('runatload | keepalive | inferred program');
  });

  it('has the environment of a session, and a umask', async () => {
    const keys = `<key>EnvironmentVariables</key><dict><key>A</key><string>b &amp; c</string></dict>
      <key>Umask</key><integer>63</integer><key>WorkingDirectory</key><string>/usr</string>`;
    home.write('env', '#!/bin/sh\nenv -u PWD -u _; umask; pwd\n', 0o755);
    plist(
      '',
      `<key>Program</key><string>${home.path}/env</string><key>RunAtLoad</key><true/>${keys}`,
    );
    await launchctl('bootstrap gui/501 @');
    await until(async () => (await field('state')) === 'not running');
    const lines = home.lines('log');
    expect(lines).toEqual(
      expect.arrayContaining([
        `HOME=${home.path}`,
        'PATH=/usr/bin:/bin:/usr/sbin:/sbin',
        `XPC_SERVICE_NAME=${LABEL}`,
        'A=b & c',
        '0077',
        '/usr',
      ]),
    );
  });

  it('comes at login unless it is disabled, and goes at logout', async () => {
    plist();
    fake.login();
    const first = await pid();
    expect(isAlive(first)).toBe(true);
    await launchctl(`bootout ${GUI}`);
    await fake.logout();
    expect(await launchctl(`print ${GUI}`)).toMatch(/rc 125$/);
    expect(await launchctl('managername')).toBe('Background\nrc 0');
    fake.login();
    const second = await pid();
    expect(second).not.toBe(first);
    await launchctl(`disable ${GUI}`);
    await fake.logout();
    expect(isAlive(second)).toBe(false);
    fake.login();
    expect(await launchctl(`print ${GUI}`)).toMatch(/rc 113$/);
  });
});

describe('what comes back', () => {
  const after = (value: boolean) =>
    `<key>KeepAlive</key><dict><key>SuccessfulExit</key><${value}/></dict>`;

  it.each([
    ['always', '<key>KeepAlive</key><true/>', 'exit=0', true],
    ['always', '<key>KeepAlive</key><true/>', 'exit=3', true],
    ['after a failure', after(false), 'exit=0', false],
    ['after a failure', after(false), 'exit=3', true],
    ['after a success', after(true), 'exit=0', true],
    ['never', '<key>RunAtLoad</key><true/>', 'exit=3', false],
  ])('%s (%s), after %s: %s', async (_, keys, words, expected) => {
    fake.knobs.throttleMs = 5;
    plist(words, keys);
    await launchctl('bootstrap gui/501 @');
    await started(expected ? 3 : 1);
    if (!expected) await until(async () => (await field('state')) === 'not running');
    expect(Number(await field('runs')) > 1).toBe(expected);
  });

  it('waits for the throttle after the last start; kickstart does not', async () => {
    fake.knobs.throttleMs = 1_000_000;
    plist();
    await launchctl('bootstrap gui/501 @');
    process.kill(await pid(), 'SIGKILL');
    await until(async () => (await field('state')) === 'spawn scheduled');
    expect(await field('pid')).toBeNull();
    expect(await field('last terminating signal')).toBe('Killed: 9');
    const answer = await launchctl(`kickstart -p ${GUI}`);
    expect(answer).toBe(`${await pid()}\nrc 0`);
    expect(await field('runs')).toBe('2');
  });

  it('a program that is not there ends with EX_CONFIG', async () => {
    plist('', '<key>Program</key><string>/nope</string><key>KeepAlive</key><true/>');
    await launchctl('bootstrap gui/501 @');
    await until(async () => (await field('last exit code')) === '78: EX_CONFIG');
    expect(await launchctl(`list ${LABEL}`)).toContain(`"LastExitStatus" = ${78 * 256};`);
  });

  it('kickstart -k takes the text that was read at bootstrap', async () => {
    plist('one');
    await launchctl('bootstrap gui/501 @');
    await started();
    const first = await pid();
    plist('two');
    expect(await launchctl(`kickstart -k ${GUI}`)).toBe('rc 0');
    await started(2);
    expect(await pid()).not.toBe(first);
    expect(home.lines('log').map((line) => line.split(' ')[2])).toEqual(['one', 'one']);
  });

  it('SIGTERM is followed by SIGKILL after ExitTimeOut', async () => {
    plist('term=ignore', '<key>KeepAlive</key><true/><key>ExitTimeOut</key><integer>10</integer>');
    await launchctl('bootstrap gui/501 @');
    await started();
    const first = await pid();
    await launchctl(`bootout ${GUI}`);
    expect(await field('state')).toBe('running');
    await until(async () => (await field('state')) === null);
    expect(isAlive(first)).toBe(false);
  });
});

describe('a teardown takes its time', () => {
  it('in which bootstrap says 5, kickstart 113 and bootout 36', async () => {
    fake.knobs.teardownMs = 150;
    plist();
    await launchctl('bootstrap gui/501 @');
    expect(await launchctl(`bootout ${GUI}`)).toBe('rc 0');
    expect(await launchctl('bootstrap gui/501 @')).toMatch(/rc 5$/);
    expect(await launchctl(`kickstart ${GUI}`)).toBe(NOT_FOUND);
    expect(await launchctl(`bootout ${GUI}`)).toMatch(/rc 36$/);
    await until(async () => (await launchctl('bootstrap gui/501 @')) === 'rc 0');
    expect(await field('state')).toBe('running');
  });

  it('that can be waited for from 26 on', async () => {
    Object.assign(fake.knobs, { teardownMs: 20, osMajor: 26 });
    plist();
    await launchctl('bootstrap gui/501 @');
    expect(await launchctl(`bootout --wait ${GUI}`)).toBe('rc 0');
    expect(await launchctl('bootstrap gui/501 @')).toBe('rc 0');
  });
});

describe('files', () => {
  const unsafe = /^Bootstrap failed: 122: Path had bad ownership\/permissions\n.*\nrc 122$/;

  it.each([0o664, 0o646, 0o666])('writable by others: %o', async (mode) => {
    chmodSync(plist(), mode);
    expect(await launchctl('bootstrap gui/501 @')).toMatch(unsafe);
  });

  it('a link, and another name', async () => {
    const link = join(home.path, 'link.plist');
    symlinkSync(plist(), link);
    expect(await launchctl(`bootstrap gui/501 ${link}`)).toMatch(unsafe);
    const other = home.write('agent.txt', '');
    expect(await launchctl(`bootstrap gui/501 ${other}`)).toMatch(unsafe);
  });

  it.each(['', '<plist><dict>', '<plist><dict><key>Label</key><string>&</string></dict></plist>'])(
    'one that cannot be read: %s',
    async (text) => {
      home.write(`Library/LaunchAgents/${LABEL}.plist`, text);
      expect(await launchctl('bootstrap gui/501 @')).toMatch(/rc 5$/);
    },
  );
});

describe('knobs', () => {
  it('the disabled override stops bootstrap, and outlives the file', async () => {
    fake.knobs.disabled = { [LABEL]: true };
    plist();
    expect(await launchctl('bootstrap gui/501 @')).toMatch(
      /^Bootstrap failed: 119: Service is disabled\n/,
    );
    rmSync(plistPath());
    expect(await launchctl('print-disabled gui/501')).toContain(`\t\t"${LABEL}" => disabled\n`);
    expect(await launchctl(`enable ${GUI}`)).toBe('rc 0');
    plist();
    expect(await launchctl('bootstrap gui/501 @')).toBe('rc 0');
    fake.knobs.osMajor = 12;
    expect(await launchctl('print-disabled gui/501')).toContain(`\t\t"${LABEL}" => false\n`);
  });

  it.each([
    [112, 'Could not find domain for user gui: 501'],
    [125, 'Domain does not support specified action'],
    [5, 'Input/output error'],
  ] as const)('no login session: %s', async (code, text) => {
    fake.knobs.noGuiDomain = code;
    plist();
    expect(await launchctl(`print ${GUI}`)).toBe(`Bad request.\n${text}\nrc ${code}`);
    expect(await launchctl('bootstrap gui/501 @')).toMatch(
      new RegExp(`${code}: ${text}\n.*\nrc ${code}`),
    );
    expect(await launchctl('bootstrap user/501 @')).toBe('rc 0');
    expect(await launchctl('managername')).toBe('Background\nrc 0');
  });

  it('a job that somebody else loaded, in the other domain', async () => {
    plist();
    fake.preload('user', plistPath());
    expect(await launchctl(`print ${GUI}`)).toMatch(/rc 113$/);
    expect(await launchctl(`print user/501/${LABEL}`)).toMatch(/rc 0$/);
    expect(await launchctl(`bootout user/501/${LABEL}`)).toBe('rc 0');
  });

  it('a lazy spawn: loaded, and nothing runs before kickstart', async () => {
    fake.knobs.lazySpawn = true;
    plist();
    await launchctl('bootstrap gui/501 @');
    expect([await field('state'), await field('runs')]).toEqual(['not running', '0']);
    expect(await launchctl(`kickstart ${GUI}`)).toBe('rc 0');
    expect([await field('state'), await field('runs')]).toEqual(['running', '1']);
  });

  it('37 from kickstart, 36 from bootout, another code for what is loaded', async () => {
    plist();
    await launchctl('bootstrap gui/501 @');
    Object.assign(fake.knobs, { kickstart37: true, bootout36: true, loadedCode: 37 });
    expect(await launchctl(`kickstart -k ${GUI}`)).toMatch(
      /: 37: Operation already in progress\nrc 37$/,
    );
    expect(await launchctl('bootstrap gui/501 @')).toMatch(/^Bootstrap failed: 37: /);
    expect(await launchctl(`bootout ${GUI}`)).toBe(
      'Boot-out failed: 36: Operation now in progress\nrc 36',
    );
    await until(async () => (await launchctl(`print ${GUI}`)).endsWith('rc 113'));
  });

  it('hangs, fails at the k-th call, and is missing', async () => {
    plist();
    fake.knobs.hang = [{ verb: 'print' }];
    expect(await launchctl(`print ${GUI}`)).toBe('timeout');
    fake.knobs.hang = [];
    fake.knobs.fail = [{ verb: 'bootstrap', call: 1, code: 5, text: 'Bootstrap failed: 5: no' }];
    expect(await launchctl('bootstrap gui/501 @')).toBe('Bootstrap failed: 5: no\nrc 5');
    expect(await launchctl('bootstrap gui/501 @')).toBe('rc 0');
    fake.knobs.missing = true;
    expect(await launchctl(`print ${GUI}`)).toBe('missing');
    expect(fake.calls.map(({ args }) => args[0])).toEqual(['print', 'bootstrap', 'bootstrap']);
  });
});

describe('verbs of old', () => {
  it('load and unload, with an override by -w', async () => {
    plist();
    expect(await launchctl('load @')).toBe('rc 0');
    expect(await launchctl('load @')).toBe('Load failed: 5: Input/output error\nrc 0');
    expect(await launchctl(`list ${LABEL}`)).toContain(`\t"PID" = ${await pid()};\n`);
    expect(await launchctl('list')).toBe(`PID\tStatus\tLabel\n${await pid()}\t0\t${LABEL}\nrc 0`);
    expect(await launchctl('unload -w @')).toBe('rc 0');
    await until(async () => (await field('state')) === null);
    expect(fake.knobs.disabled).toEqual({ [LABEL]: true });
    expect(await launchctl('load -w @')).toBe('rc 0');
    expect(fake.knobs.disabled).toEqual({ [LABEL]: false });
  });
});

it('disposing ends every process', async () => {
  plist('child term=ignore');
  await launchctl('bootstrap gui/501 @');
  await started(2);
  const processes = [await pid(), Number(home.lines('log')[1]?.split(' ')[1])];
  await fake[Symbol.asyncDispose]();
  await until(() => !processes.some(isAlive));
  expect(home.lines('log')).toHaveLength(2);
});
