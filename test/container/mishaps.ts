import { describe, expect, test } from 'vitest';
import type { InstalledMachine } from './installed.ts';

/** As heph wrote it before it knew that a clean exit must be followed by another start. */
const OLDER_UNIT = `[Unit]
Description=heph of an older version

[Service]
ExecStart=%h/.local/bin/hephd --mode local
Restart=on-failure

[Install]
WantedBy=default.target
`;
const UNITS = '.config/systemd/user';

/** What a machine, an upgrade or a neighbour does to an installed heph. */
export function mishaps(machine: InstalledMachine): void {
  describe('what comes in the way', { concurrent: true }, () => {
    test('the unit of an older install: restart mends it, and a clean exit is then respawned (C1, C6)', async () => {
      await using person = await machine.borrow();
      const { user, sh } = person;
      await machine.target().writeFile(`${user.home}/${UNITS}/heph.service`, OLDER_UNIT);
      await sh('mkdir -p ~/.local/share/heph; systemctl --user enable --now heph.service');
      const old = await person.until(({ healthy }) => healthy);
      expect(old).toMatchObject({ installed: true, enabled: true, current: false });
      await sh(`kill -TERM ${old.pid}`);
      await person.until(({ running }) => !running);
      expect((await sh('systemctl --user is-active heph.service')).stdout).toBe('inactive\n');

      await sh('systemctl --user start heph.service');
      expect((await sh('heph daemon restart')).code).toBe(0);
      const renewed = await person.status();
      expect(renewed).toMatchObject({ healthy: true, enabled: true, current: true });
      await sh(`kill -TERM ${renewed.pid}`);
      await person.until(({ healthy, pid }) => healthy && pid !== renewed.pid);
    });

    test('six restarts in a row, by hand and at once, do not keep it down (C5)', async () => {
      await using person = await machine.borrow();
      await person.sh('heph daemon start');
      const { code, stdout } = await person.sh(
        'for i in 1 2 3 4 5 6; do systemctl --user restart heph.service || exit; done; heph daemon status --json',
      );
      expect(code, stdout).not.toBe(4);
      await person.until(({ healthy }) => healthy);
    });

    test('ten starts at once: one process, and each ends with 0 (G)', async () => {
      await using person = await machine.borrow();
      const { stdout } = await person.sh(
        'for i in 1 2 3 4 5 6 7 8 9 10; do { heph daemon start --json >/dev/null; echo $?; } & done; wait',
      );
      expect(stdout.trim().split('\n')).toEqual(Array.from({ length: 10 }, () => '0'));
      expect(await person.status()).toMatchObject({ healthy: true, current: true, restarts: 0 });
      const { stdout: pids } = await person.sh('pgrep -c -u "$(id -u)" hephd');
      expect(pids).toBe('1\n');
    });

    test('start against uninstall, five at once of each: it is there or it is gone (G)', async () => {
      await using person = await machine.borrow();
      const { stdout } = await person.sh(
        'for i in 1 2 3 4 5; do for verb in start uninstall; do { heph daemon $verb >/dev/null; echo $?; } & done; done; wait',
      );
      expect(stdout.trim().split('\n')).toEqual(Array.from({ length: 10 }, () => '0'));
      const seen = await person.status();
      const there = { installed: true, enabled: true, running: true, healthy: true };
      const gone = { installed: false, enabled: false, running: false, healthy: false };
      expect(seen).toMatchObject(seen.running ? there : gone);
    });

    test('a drop-in is respected, named, and left where it is (C3)', async () => {
      await using person = await machine.borrow();
      const { user, sh } = person;
      const dropIn = `${user.home}/${UNITS}/heph.service.d/mine.conf`;
      await machine.target().writeFile(dropIn, '[Service]\nEnvironment=MINE=yes\n');
      expect(await sh('heph daemon start')).toMatchObject({ code: 0 });
      const { pid, hints } = await person.status();
      expect((await sh(`tr '\\0' '\\n' </proc/${pid}/environ`)).stdout).toMatch(/^MINE=yes$/m);
      expect(hints.join('\n')).toContain(dropIn);
      expect((await sh('heph daemon restart')).code).toBe(0);
      expect((await sh('heph daemon uninstall')).stdout).toContain(dropIn);
      expect(await machine.target().readFile(dropIn)).toMatch('MINE');
    });

    test('two users: one’s stop and uninstall do not touch the other’s, nor can one ask the other’s', async () => {
      await using ada = await machine.borrow();
      await using bob = await machine.borrow();
      for (const { sh } of [ada, bob]) expect((await sh('heph daemon start')).code).toBe(0);
      await ada.sh('heph task "Nobody else’s business"');
      const before = await ada.status();
      const data = `${ada.user.home}/.local/share/heph`;
      const there = { HEPH_SOCKET: `${data}/hephd.sock`, HEPH_DB: `${data}/heph.db` };
      const asked = await bob.sh('heph list', there);
      expect(asked).toMatchObject({ code: 1, stdout: '' });
      expect(asked.stderr).toMatch(/^cannot open .*: it is not yours to open/);
      // The folder keeps others out, and so would the socket by itself.
      expect(
        (await ada.sh('stat -c %a ~/.local/share/heph ~/.local/share/heph/hephd.sock')).stdout,
      ).toBe('700\n600\n');
      for (const verb of ['stop', 'start', 'restart', 'uninstall']) {
        expect((await bob.sh(`heph daemon ${verb}`)).code, verb).toBe(0);
      }
      expect(await ada.status()).toMatchObject({ healthy: true, pid: before.pid, restarts: 0 });
      expect(await ada.titles()).toEqual(['Nobody else’s business']);
    });
  });
}
