import { execFile } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive, STAND_IN, TemporaryHome, until } from '../../support/fake-bench.ts';
import { startFakeManager, type FakeManager } from '../../support/fake-manager.ts';

let home: TemporaryHome;

beforeEach(() => {
  home = new TemporaryHome();
});

afterEach(() => home[Symbol.dispose]());

/** Run a program by its name, as something under test would. */
function run(line: string, env: Readonly<Record<string, string>>): Promise<string> {
  const [program = '', ...args] = line.split(' ');
  const { promise, resolve } = Promise.withResolvers<string>();
  execFile(program, args, { env: { LC_ALL: 'C', ...env } }, (error, stdout, stderr) => {
    resolve(`${stdout}${stderr}rc ${error === null ? 0 : error.code}`);
  });
  return promise;
}

function started(): string[] {
  return home.lines('log').filter((line) => line.startsWith('started'));
}

describe('systemctl and loginctl', () => {
  let manager: FakeManager;

  beforeEach(async () => {
    manager = await startFakeManager({
      kind: 'systemd',
      home: home.path,
      timeScale: 0.02,
      env: { GREETING: 'a = b' },
    });
  });

  afterEach(() => manager[Symbol.asyncDispose]());

  it('are programs that speak to one manager', async () => {
    home.write(
      '.config/systemd/user/heph.service',
      `[Service]\nExecStart=${STAND_IN} "\${GREETING}"\nStandardOutput=append:%h/log\n[Install]\nWantedBy=default.target\n`,
    );
    expect(await run('systemctl --user enable --now heph', manager.env)).toMatch(/ -> .*\nrc 0$/s);
    expect(await run('systemctl --user is-active heph', manager.env)).toBe('active\nrc 0');
    await until(() => started().length === 1);
    const [first] = started();
    expect(first).toMatch(/^started \d+ a = b$/);
    await manager.logout();
    expect(isAlive(Number(first?.split(' ')[1]))).toBe(false);
    await manager.login();
    await until(() => started().length === 2);
    expect(await run('loginctl show-user -p Linger', manager.env)).toBe('Linger=no\nrc 0');
    const programs = (await manager.calls()).map((call) => call.program);
    expect(programs).toEqual(['systemctl', 'systemctl', 'loginctl']);
    expect(await run('launchctl managername', manager.env)).toMatch(/rc 127$/);
  });

  it('have knobs that can be set from outside', async () => {
    await manager.setKnobs({ fail: [{ verb: 'stop', code: 4, text: 'no' }] });
    expect(await run('systemctl --user stop heph', manager.env)).toBe('no\nrc 4');
    await manager.setKnobs({ fail: [], hang: [{ verb: 'stop' }] });
    const limit = AbortSignal.timeout(300);
    const hanging = new Promise((resolve) => {
      execFile(
        'systemctl',
        ['--user', 'stop', 'heph'],
        { env: manager.env, signal: limit },
        resolve,
      );
    });
    expect(await hanging).toMatchObject({ name: 'AbortError' });
  });
});

it('launchctl is one too, and its manager takes every job with it', async () => {
  const manager = await startFakeManager({ kind: 'launchd', home: home.path, timeScale: 0.02 });
  const path = home.write(
    'Library/LaunchAgents/x.plist',
    `<plist><dict><key>Label</key><string>x</string>
      <key>ProgramArguments</key><array><string>${STAND_IN}</string></array>
      <key>StandardOutPath</key><string>${home.path}/log</string>
      <key>KeepAlive</key><true/></dict></plist>`,
  );
  const domain = `gui/${process.getuid?.() ?? 0}`;
  expect(await run(`launchctl bootstrap ${domain} ${path}`, manager.env)).toBe('rc 0');
  await until(() => started().length === 1);
  await manager.setKnobs({ noGuiDomain: 112 });
  expect(await run(`launchctl print ${domain}/x`, manager.env)).toMatch(
    /^Bad request.\n.*\nrc 112$/,
  );
  await manager[Symbol.asyncDispose]();
  expect(isAlive(Number(started()[0]?.split(' ')[1]))).toBe(false);
});

it.each([
  ['systemctl --user show', 'Failed to connect to bus: No medium found\nrc 1'],
  ['loginctl show-user', 'Failed to connect to bus: No medium found\nrc 1'],
  ['launchctl print gui/501', 'Domain does not support specified action\nrc 125'],
])('nobody to speak to: %s', async (line, expected) => {
  await using manager = await startFakeManager({ kind: 'systemd', home: home.path });
  const env = { ...manager.env, HEPH_FAKE_MANAGER: '/nonexistent' };
  expect(await run(line, env)).toBe(expected);
});
