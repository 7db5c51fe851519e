import { rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { installed, openMachine } from '../support/machine.ts';

const [program, ...words] = installed;

/** `heph daemon` whole, as a user runs it, over a fake of each manager first on PATH. */
describe.each(['systemd', 'launchd'] as const)('heph daemon on the fake %s', (kind) => {
  const open = () => openMachine(kind);

  test('the whole journey: start, file, ask, restart, stop, uninstall', async () => {
    await using world = await open();
    expect(await world.heph(['daemon', 'status'])).toMatchObject({ code: 3 });
    expect((await world.heph(['daemon', 'start'])).code).toBe(0);
    const first = await world.status();
    expect(first).toMatchObject({
      manager: kind,
      installed: true,
      enabled: true,
      running: true,
      healthy: true,
      current: true,
    });
    expect((await world.heph(['task', 'Here'])).code).toBe(0);
    expect((await world.heph(['next'])).stdout).toMatch(/Here/);
    expect(await world.heph(['daemon', 'start'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('already running'),
    });
    expect((await world.heph(['daemon', 'restart'])).code).toBe(0);
    expect((await world.status()).pid).not.toBe(first.pid);
    expect((await world.heph(['next'])).stdout).toMatch(/Here/);
    expect((await world.heph(['daemon', 'stop'])).stdout).toMatch(/comes back at the next login/);
    expect(await world.heph(['next'])).toMatchObject({ code: 3 });
    expect((await world.heph(['daemon', 'uninstall'])).code).toBe(0);
    expect(await world.status()).toMatchObject({
      installed: false,
      enabled: false,
      running: false,
    });
    expect((await stat(`${world.home}/.local/share/heph/heph.db`)).isFile()).toBe(true);
  });

  test('stopped, it comes back at the next login; uninstalled, it does not', async () => {
    await using world = await open();
    await world.heph(['daemon', 'start']);
    await world.heph(['daemon', 'stop']);
    await world.manager.logout();
    await world.manager.login();
    await expect.poll(async () => (await world.status()).healthy, { timeout: 10_000 }).toBe(true);
    await world.heph(['daemon', 'uninstall']);
    await world.manager.logout();
    await world.manager.login();
    expect((await world.status()).running).toBe(false);
  });

  test('--json is one document with the steps; --dry-run does none of them', async () => {
    await using world = await open();
    const { stdout } = await world.heph(['daemon', 'start', '--dry-run', '--json']);
    const report = JSON.parse(stdout) as {
      verb: string;
      changed: boolean;
      dry_run: boolean;
      steps: { do: string; target: string }[];
    };
    expect(report).toMatchObject({ verb: 'start', changed: true, dry_run: true });
    for (const step of report.steps) expect(Object.keys(step)).toEqual(['do', 'target']);
    expect((await world.status()).installed).toBe(false);
  });

  test('variables that point elsewhere do not apply, and it says so', async () => {
    await using world = await open();
    const elsewhere = { HEPH_SOCKET: `${world.home}/dev.sock`, HEPH_DB: `${world.home}/dev.db` };
    const started = await world.heph(['daemon', 'start'], elsewhere);
    expect(started).toMatchObject({
      code: 0,
      stderr: 'heph daemon manages the installed hephd: HEPH_SOCKET, HEPH_DB do not apply',
    });
    expect((await world.status()).db).toBe(`${world.home}/.local/share/heph/heph.db`);
    await expect(stat(elsewhere.HEPH_DB)).rejects.toThrow(/ENOENT/);
  });

  test('settings that cannot be read: the start fails with the file, the line, and what to do', async () => {
    await using world = await open();
    await execa('mkdir', ['-p', `${world.home}/.config/heph`]);
    await writeFile(`${world.home}/.config/heph/config.toml`, '[log]\nlevel = loud\n');
    const { code, stderr } = await world.heph(['daemon', 'start']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^cannot start hephd: it ended at once/);
    expect(stderr).toMatch(/config\.toml, line 2/);
    // launchd tries again and again; hephd then waits, so as not to fail every few seconds.
    const isSettled = async () => {
      const { hints } = await world.status();
      return hints.some((hint) =>
        /it waits before it fails again|the manager has given up/.test(hint),
      );
    };
    await expect.poll(isSettled, { timeout: 20_000 }).toBe(true);
    await rm(`${world.home}/.config/heph/config.toml`);
    expect(await world.heph(['daemon', 'start'])).toMatchObject({ code: 0, stderr: '' });
  });

  test('a hephd run by hand is recognised: start changes nothing and gives its pid', async () => {
    await using world = await open();
    const byHand = execa(process.execPath, ['src/bin/hephd.ts'], {
      env: { HOME: world.home },
      reject: false,
    });
    await expect.poll(async () => (await world.heph(['next'])).code, { timeout: 10_000 }).toBe(0);
    const { code, stderr } = await world.heph(['daemon', 'start']);
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`pid ${byHand.pid}`));
    expect(await world.heph(['daemon', 'status'])).toMatchObject({ code: 1 });
    expect(await world.status()).toMatchObject({ installed: false, running: false });
    byHand.kill('SIGTERM');
    await byHand;
  });
});

describe('without a service manager', () => {
  test.each(['start', 'stop', 'restart', 'uninstall', 'status'])(
    '%s ends with 4 and says how to go on',
    async (verb) => {
      const { exitCode, stdout, stderr } = await execa(program, [...words, 'daemon', verb], {
        env: { PATH: '/nowhere', HOME: `${tmpdir()}/nowhere`, HEPH_SERVICE_MANAGER: 'systemd' },
        reject: false,
      });
      expect(exitCode).toBe(4);
      expect(stdout + stderr).toMatch(/no systemctl/);
      expect(stdout + stderr).toMatch(/hephd$/m);
    },
  );
});
