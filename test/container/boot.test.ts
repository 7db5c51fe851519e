import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Target, missingEngine } from '../support/target.ts';

const missing = await missingEngine();

describe('a target', () => {
  let target: Target;

  beforeAll(async () => {
    if (missing === undefined) target = await Target.start();
  });
  beforeEach((context) => context.skip(missing !== undefined, missing));
  afterAll(() => target?.[Symbol.asyncDispose]());

  const systemctl = (...args: string[]) => target.exec(['systemctl', '--user', ...args]);

  test('boots the systemd of its distribution, with nothing failed', async () => {
    const version = await target.exec(['systemctl', '--version']);
    expect(version.stdout).toMatch(/^systemd 257 /);
    const state = await target.exec(['systemctl', 'is-system-running'], { user: 'root' });
    expect(state).toEqual({ code: 0, stdout: 'running\n', stderr: '' });
  });

  test('has a user whose manager runs without a login', async () => {
    const state = await target.waitFor('the user manager', async () => {
      const { stdout } = await systemctl('is-system-running');
      return stdout.trim() !== 'starting' && stdout.trim();
    });
    expect(state).toBe('running');
    const sessions = await target.exec(['loginctl', 'list-sessions', '--no-legend'], {
      user: 'root',
    });
    expect(sessions.stdout).not.toMatch(/\buser\b/);
  });

  test('respawns a unit that is killed', async () => {
    const unit = '[Service]\nExecStart=/usr/bin/sleep infinity\nRestart=always\nRestartSec=100ms\n';
    await target.writeFile('/home/ada/.config/systemd/user/trivial.service', unit);
    await systemctl('daemon-reload');
    expect(await systemctl('start', 'trivial.service')).toMatchObject({ code: 0, stderr: '' });
    const pid = async () => {
      const { stdout } = await systemctl(
        'show',
        '--value',
        '--property=MainPID',
        'trivial.service',
      );
      return Number(stdout);
    };
    const first = await pid();
    expect(first).toBeGreaterThan(0);

    await target.exec(['kill', '-9', String(first)]);

    const second = await target.waitFor('the respawn', async () => {
      const now = await pid();
      return now !== 0 && now !== first && now;
    });
    expect(second).not.toBe(first);
    expect(await target.readFile(`/proc/${second}/comm`)).toBe('sleep\n');
  });

  test('has no network', async () => {
    const { stdout } = await target.exec(['ls', '/sys/class/net']);
    expect(stdout).toBe('lo\n');
  });

  test('comes back after a reboot, with its files and its user', async () => {
    await target.writeFile('/home/ada/kept', 'still here');
    await target.writeFile('/tmp/lost', 'gone');
    await target.reboot();
    expect(await target.readFile('/home/ada/kept')).toBe('still here');
    expect(await target.exec(['cat', '/tmp/lost'])).toMatchObject({ code: 1 });
    expect(await systemctl('list-units')).toMatchObject({ code: 0, stderr: '' });
  });

  describe('exec', () => {
    test('keeps output, errors, exit code and input apart', async () => {
      const script = 'cat; echo problem >&2; exit 3';
      const result = await target.exec(['sh', '-c', script], { stdin: 'given' });
      expect(result).toEqual({ code: 3, stdout: 'given', stderr: 'problem\n' });
    });

    test('gives every byte of its input', async () => {
      const stdin = randomBytes(3_000_000);
      const { stdout } = await target.exec(['sha256sum'], { stdin });
      expect(stdout).toBe(`${createHash('sha256').update(stdin).digest('hex')}  -\n`);
    });

    test('passes arguments, variables and folder as they are', async () => {
      const odd = `a "b" 'c' $HOME %h ä\n\\`;
      const script = 'printf "%s|%s|%s" "$1" "$ODD" "$PWD"';
      const options = { env: { ODD: odd }, cwd: '/usr/lib' };
      const { stdout } = await target.exec(['sh', '-c', script, 'sh', odd], options);
      expect(stdout).toBe(`${odd}|${odd}|/usr/lib`);
    });

    test('is the user, as after a login', async () => {
      const { stdout } = await target.exec([
        'sh',
        '-c',
        'id -un; pwd; echo "$HOME $XDG_RUNTIME_DIR"',
      ]);
      expect(stdout).toBe('ada\n/home/ada\n/home/ada /run/user/1000\n');
      const bare = await target.exec(['env'], {
        env: { XDG_RUNTIME_DIR: undefined, HOME: undefined },
      });
      expect(bare.stdout).not.toMatch(/^(XDG_RUNTIME_DIR|HOME|container)=/m);
    });

    test('ends with 127 for a command that is not there', async () => {
      expect(await target.exec(['no-such-command'])).toMatchObject({ code: 127, stdout: '' });
    });

    test('leaves nothing of a command that outlives its time', async () => {
      const endless = target.exec(['sh', '-c', 'echo begun; sleep 4321'], { timeoutMs: 500 });
      await expect(endless).rejects.toThrow(/did not end in 500 ms\nbegun/);
      const { stdout } = await target.exec(['ps', '-eo', 'args']);
      expect(stdout).not.toContain('sleep 4321');
    });
  });

  test('files belong to the owner of their folder, or to whom they are given', async () => {
    const owners = async (...paths: string[]) =>
      (await target.exec(['stat', '-c', '%U:%G %a', ...paths])).stdout.trim().split('\n');
    await target.writeFile('/home/ada/new folder/a', 'a', { mode: 0o600 });
    await target.writeFile('/opt/new/a', 'a');
    await target.writeFile('/opt/given/a', 'a', { owner: 'ada' });
    await target.copyIn(import.meta.dirname, '/tmp/copied', { owner: 'ada' });
    await target.copyIn(import.meta.filename, '/tmp/one.ts', { mode: 0o755 });
    expect(
      await owners('/home/ada/new folder', '/home/ada/new folder/a', '/opt/new/a', '/opt/given'),
    ).toEqual(['ada:ada 755', 'ada:ada 600', 'root:root 644', 'ada:ada 755']);
    expect((await owners('/tmp/copied/boot.test.ts'))[0]).toMatch(/^ada:ada/);
    expect(await owners('/tmp/one.ts')).toEqual(['root:root 755']);
    const source = await target.readFile('/tmp/copied/boot.test.ts');
    expect(source).toBe(await target.readFile('/tmp/one.ts'));
  });

  test('takes further users, with any home and any linger', async () => {
    const home = `/home/O'Hara "50%" $USER ü`;
    const odd = await target.addUser('odd', { home });
    const state = await target.exec(['systemctl', '--user', 'list-units'], { user: odd.name });
    expect(state).toMatchObject({ code: 0, stderr: '' });
    const { stdout } = await target.exec(['pwd'], { user: odd.name });
    expect(stdout).toBe(`${home}\n`);

    const away = await target.addUser('away', { linger: false });
    expect(await target.exec(['ls', `/run/user/${away.uid}`], { user: 'away' })).toMatchObject({
      code: 2,
    });
  });

  test('tells what happened', async () => {
    expect(await target.logs()).toContain('systemd');
  });
});
