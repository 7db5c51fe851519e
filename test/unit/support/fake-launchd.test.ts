import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive, STAND_IN, until } from '../../support/fake-bench.ts';
import { GUI, LABEL, LaunchdBench } from '../../support/fake-launchd-bench.ts';

let bench: LaunchdBench;

beforeEach(() => {
  bench = new LaunchdBench();
});

afterEach(() => bench[Symbol.asyncDispose]());

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
    expect(await bench.launchctl(line)).toBe(expected);
  });

  it.each([
    ['bootstrap nonsense @', 64],
    ['bootstrap --bogus gui/501 @', 64],
    [`bootout --wait ${GUI}`, 64],
    ['bootstrap gui/1 @', 125],
    ['bootstrap gui/501 /nope.plist', 5],
  ])('%s: %s', async (line, code) => {
    bench.plist();
    bench.fake.preload('gui', bench.plistPath);
    expect(await bench.launchctl(line)).toMatch(new RegExp(`rc ${code}$`));
  });
});

describe('a life', () => {
  it('begins with bootstrap and ends with bootout', async () => {
    bench.plist('a b');
    expect(await bench.launchctl('bootstrap gui/501 @')).toBe('rc 0');
    await bench.started();
    const first = await bench.pid();
    expect(bench.home.lines('log')).toEqual([`started ${first} a b`]);
    expect(await bench.launchctl(`kickstart ${GUI}`)).toBe('rc 37');
    expect(await bench.launchctl('bootstrap gui/501 @')).toMatch(
      /^Bootstrap failed: 5: .*\n.*\nrc 5$/,
    );
    expect(await bench.pid()).toBe(first);
    expect(await bench.launchctl(`bootout ${GUI}`)).toBe('rc 0');
    await until(async () => (await bench.launchctl(`print ${GUI}`)).endsWith('rc 113'));
    expect(isAlive(first)).toBe(false);
  });

  it('prints blocks that have a state of their own', async () => {
    bench.plist();
    await bench.launchctl('bootstrap gui/501 @');
    const text = await bench.launchctl(`print ${GUI}`);
    expect(text).toMatch(
      new RegExp(`^${GUI} = {\n\tactive count = 1\n\tpath = ${bench.plistPath}\n`),
    );
    expect(text.match(/^\tstate = .*$/gm)).toEqual(['\tstate = running']);
    expect(text.match(/^\t\tstate = .*$/gm)).toEqual(['\t\tstate = active', '\t\tstate = active']);
    expect(text).toContain(`\targuments = {\n\t\t${STAND_IN}\n`);
    expect(await bench.field('runs')).toBe('1');
    expect(await bench.field('last exit code')).toBe('(never exited)');
    expect(await bench.field('properties')).toBe('runatload | keepalive | inferred program');
  });

  it('has the environment of a session, and a umask', async () => {
    const keys = `<key>EnvironmentVariables</key><dict><key>A</key><string>b &amp; c</string></dict>
      <key>Umask</key><integer>63</integer><key>WorkingDirectory</key><string>/usr</string>`;
    bench.home.write('env', '#!/bin/sh\nenv -u PWD -u _; umask; pwd\n', 0o755);
    bench.plist(
      '',
      `<key>Program</key><string>${bench.home.path}/env</string><key>RunAtLoad</key><true/>${keys}`,
    );
    await bench.launchctl('bootstrap gui/501 @');
    await until(async () => (await bench.field('state')) === 'not running');
    const lines = bench.home.lines('log');
    expect(lines).toEqual(
      expect.arrayContaining([
        `HOME=${bench.home.path}`,
        'PATH=/usr/bin:/bin:/usr/sbin:/sbin',
        `XPC_SERVICE_NAME=${LABEL}`,
        'A=b & c',
        '0077',
        '/usr',
      ]),
    );
  });

  it('comes at login unless it is disabled, and goes at logout', async () => {
    bench.plist();
    bench.fake.login();
    const first = await bench.pid();
    expect(isAlive(first)).toBe(true);
    await bench.launchctl(`bootout ${GUI}`);
    await bench.fake.logout();
    expect(await bench.launchctl(`print ${GUI}`)).toMatch(/rc 125$/);
    expect(await bench.launchctl('managername')).toBe('Background\nrc 0');
    bench.fake.login();
    const second = await bench.pid();
    expect(second).not.toBe(first);
    await bench.launchctl(`disable ${GUI}`);
    await bench.fake.logout();
    expect(isAlive(second)).toBe(false);
    bench.fake.login();
    expect(await bench.launchctl(`print ${GUI}`)).toMatch(/rc 113$/);
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
    bench.fake.knobs.throttleMs = 5;
    bench.plist(words, keys);
    await bench.launchctl('bootstrap gui/501 @');
    await bench.started(expected ? 3 : 1);
    if (!expected) await until(async () => (await bench.field('state')) === 'not running');
    expect(Number(await bench.field('runs')) > 1).toBe(expected);
  });

  it('waits for the throttle after the last start; kickstart does not', async () => {
    bench.fake.knobs.throttleMs = 1_000_000;
    bench.plist();
    await bench.launchctl('bootstrap gui/501 @');
    process.kill(await bench.pid(), 'SIGKILL');
    await until(async () => (await bench.field('state')) === 'spawn scheduled');
    expect(await bench.field('pid')).toBeNull();
    expect(await bench.field('last terminating signal')).toBe('Killed: 9');
    const answer = await bench.launchctl(`kickstart -p ${GUI}`);
    expect(answer).toBe(`${await bench.pid()}\nrc 0`);
    expect(await bench.field('runs')).toBe('2');
  });

  it('a program that is not there ends with EX_CONFIG', async () => {
    bench.plist('', '<key>Program</key><string>/nope</string><key>KeepAlive</key><true/>');
    await bench.launchctl('bootstrap gui/501 @');
    await until(async () => (await bench.field('last exit code')) === '78: EX_CONFIG');
    expect(await bench.launchctl(`list ${LABEL}`)).toContain(`"LastExitStatus" = ${78 * 256};`);
  });

  it('kickstart -k takes the text that was read at bootstrap', async () => {
    bench.plist('one');
    await bench.launchctl('bootstrap gui/501 @');
    await bench.started();
    const first = await bench.pid();
    bench.plist('two');
    expect(await bench.launchctl(`kickstart -k ${GUI}`)).toBe('rc 0');
    await bench.started(2);
    expect(await bench.pid()).not.toBe(first);
    expect(bench.home.lines('log').map((line) => line.split(' ')[2])).toEqual(['one', 'one']);
  });

  it('SIGTERM is followed by SIGKILL after ExitTimeOut', async () => {
    bench.plist(
      'term=ignore',
      '<key>KeepAlive</key><true/><key>ExitTimeOut</key><integer>10</integer>',
    );
    await bench.launchctl('bootstrap gui/501 @');
    await bench.started();
    const first = await bench.pid();
    await bench.launchctl(`bootout ${GUI}`);
    expect(await bench.field('state')).toBe('running');
    await until(async () => (await bench.field('state')) === null);
    expect(isAlive(first)).toBe(false);
  });
});

describe('a teardown takes its time', () => {
  it('in which bootstrap says 5, kickstart 113 and bootout 36', async () => {
    bench.fake.knobs.teardownMs = 150;
    bench.plist();
    await bench.launchctl('bootstrap gui/501 @');
    expect(await bench.launchctl(`bootout ${GUI}`)).toBe('rc 0');
    expect(await bench.launchctl('bootstrap gui/501 @')).toMatch(/rc 5$/);
    expect(await bench.launchctl(`kickstart ${GUI}`)).toBe(NOT_FOUND);
    expect(await bench.launchctl(`bootout ${GUI}`)).toMatch(/rc 36$/);
    await until(async () => (await bench.launchctl('bootstrap gui/501 @')) === 'rc 0');
    expect(await bench.field('state')).toBe('running');
  });

  it('that can be waited for from 26 on', async () => {
    Object.assign(bench.fake.knobs, { teardownMs: 20, osMajor: 26 });
    bench.plist();
    await bench.launchctl('bootstrap gui/501 @');
    expect(await bench.launchctl(`bootout --wait ${GUI}`)).toBe('rc 0');
    expect(await bench.launchctl('bootstrap gui/501 @')).toBe('rc 0');
  });
});

describe('verbs of old', () => {
  it('load and unload, with an override by -w', async () => {
    bench.plist();
    expect(await bench.launchctl('load @')).toBe('rc 0');
    expect(await bench.launchctl('load @')).toBe('Load failed: 5: Input/output error\nrc 0');
    expect(await bench.launchctl(`list ${LABEL}`)).toContain(`\t"PID" = ${await bench.pid()};\n`);
    expect(await bench.launchctl('list')).toBe(
      `PID\tStatus\tLabel\n${await bench.pid()}\t0\t${LABEL}\nrc 0`,
    );
    expect(await bench.launchctl('unload -w @')).toBe('rc 0');
    await until(async () => (await bench.field('state')) === null);
    expect(bench.fake.knobs.disabled).toEqual({ [LABEL]: true });
    expect(await bench.launchctl('load -w @')).toBe('rc 0');
    expect(bench.fake.knobs.disabled).toEqual({ [LABEL]: false });
  });
});

it('disposing ends every process', async () => {
  bench.plist('child term=ignore');
  await bench.launchctl('bootstrap gui/501 @');
  await bench.started(2);
  const processes = [await bench.pid(), Number(bench.home.lines('log')[1]?.split(' ')[1])];
  await bench.fake[Symbol.asyncDispose]();
  await until(() => !processes.some(isAlive));
  expect(bench.home.lines('log')).toHaveLength(2);
});
