import { describe, expect, test } from 'vitest';
import { UNPACKED } from '../support/artefact.ts';
import type { InstalledMachine } from './installed.ts';

/** What heph is for, from the artefact, as its user meets it. */
export function mainJob(machine: InstalledMachine): void {
  describe('the main job', { concurrent: true }, () => {
    test('from the artefact to an answer, through a clean exit, a kill, restart, stop and uninstall', async () => {
      await using person = await machine.borrow();
      const { sh, until } = person;
      const started = await sh('heph daemon start');
      expect(started).toMatchObject({ code: 0, stderr: '' });
      const { pid } = await person.status();
      expect((await sh('heph daemon start')).stdout).toMatch(`already running, pid ${pid}`);
      expect((await person.status()).pid).toBe(pid);

      await sh('heph task "Pay the rent" --attention red');
      expect((await sh('heph next')).stdout).toMatch(/\tred\tPay the rent\t/);

      await sh(`kill -TERM ${pid}`);
      await until((status) => status.healthy && status.pid !== pid);
      expect(await person.titles()).toEqual(['Pay the rent']);

      await sh(
        'heph task "Written just before the kill" && kill -9 $(systemctl --user show -P MainPID heph)',
      );
      await until((status) => status.healthy && status.restarts === 2);
      expect(await person.titles()).toEqual(['Pay the rent', 'Written just before the kill']);

      for (let i = 0; i < 2; i++) {
        const before = (await person.status()).pid;
        expect((await sh('heph daemon restart')).code).toBe(0);
        expect((await person.status()).pid).not.toBe(before);
      }
      expect((await sh('heph daemon stop')).stdout).toMatch(/comes back at the next login/);
      expect((await sh('heph daemon stop')).stdout).toMatch(/already stopped/);
      const alone = await sh('heph next');
      expect(alone.code).toBe(3);
      expect(alone.stderr).toMatch(
        /^cannot reach hephd: nobody answers on \/home\/.*\nstart it with: heph daemon start\n$/,
      );
      expect((await sh('heph daemon status')).code).toBe(3);

      expect((await sh('heph daemon uninstall')).stdout).toMatch(
        /the store and its log are still there/,
      );
      expect((await sh('heph daemon uninstall')).stdout).toMatch(/not installed/);
      const left = await sh(
        'ls ~/.config/systemd/user; systemctl --user list-unit-files heph.service --no-legend',
      );
      expect(left.stdout.trim()).toBe('');
      expect((await sh('heph daemon start && heph next')).stdout).toMatch('Pay the rent');
    });

    test('through a stop, clients fail at once with exit 3', async () => {
      await using person = await machine.borrow();
      const { sh } = person;
      await sh('heph daemon start && heph daemon restart && heph daemon stop');
      // With a hand-over there, the first of them would wait for the next daemon.
      expect((await sh('ls ~/.local/share/heph/hand-over.json')).code).toBe(2);
      expect((await sh('for i in 1 2 3 4 5; do heph next; echo $?; done')).stdout).toBe(
        '3\n3\n3\n3\n3\n',
      );
    });

    test('a development daemon leaves the installed one alone, byte and time', async () => {
      const person = await machine.settle('dev');
      const { user, sh } = person;
      await sh('heph daemon start && heph task "The real one"');
      const look = async () =>
        (
          await sh(
            'cd ~/.local/share/heph && stat -c "%n %s %Y %y %i" heph.db* hephd.log ~/.config/systemd/user/heph.service; sha256sum heph.db heph.db-wal hephd.log',
          )
        ).stdout;
      // The checkpoint a closing reader could make would be a change as well.
      const before = await look();
      const clone = `${user.home}/clone`;
      // The SQLite that npm brings asks for a newer system than the oldest of these.
      await sh(
        `mkdir -p ${clone}/node_modules && cd /src && cp -r src scripts fixtures containers package.json ${clone} &&
         cd ${clone}/node_modules && ln -s /src/node_modules/* . && rm better-sqlite3 && cp -r ${UNPACKED}/lib/node_modules/better-sqlite3 .`,
      );
      const env = {
        PATH: `/src/node_modules/.bin:${user.home}/.local/bin:/usr/local/bin:/usr/bin:/bin`,
      };
      const dev = sh(
        'cd ~/clone && node scripts/dev.ts >dev.log 2>&1 & echo $! >~/dev.pid; wait',
        env,
      );
      const point =
        'cd ~/clone && export HEPH_SOCKET="$PWD/.dev/hephd.sock" HEPH_DB="$PWD/.dev/heph.db" HEPH_CONFIG="$PWD/.dev/heph.db.toml"';
      await machine
        .target()
        .waitFor(
          'the sample store',
          async () => (await sh(`${point}; heph next`)).stdout.includes('Renew the passport'),
          { timeoutMs: 30_000 },
        );
      expect((await sh(`${point}; heph task "Only in dev" && heph list`)).stdout).toMatch(
        'Only in dev',
      );
      expect((await sh(`${point}; heph daemon status`)).stderr).toMatch(
        'HEPH_SOCKET, HEPH_DB, HEPH_CONFIG do not apply',
      );
      expect(await look()).toBe(before);
      await sh('kill $(cat ~/dev.pid)');
      await dev;
      expect(await person.titles()).toEqual(['The real one']);
    });

    test.each([
      ['spaces', '/home/with some spaces'],
      ['percent', '/home/100%h %% of $HOME ${x}'],
      ['quotes', `/home/it's "quoted" & <so>`],
      ['letters', '/home/jürgen-日本'],
    ])('a home directory with %s', async (name, home) => {
      const person = await machine.settle(`home-${name}`, { home });
      const { sh } = person;
      expect(await sh('heph daemon start')).toMatchObject({ code: 0 });
      await sh('heph task "Here too"');
      expect(await person.titles()).toEqual(['Here too']);
      expect((await sh('heph daemon restart && heph daemon uninstall')).code).toBe(0);
    });

    test('without XDG_RUNTIME_DIR, as over ssh or from cron, it works all the same', async () => {
      await using person = await machine.borrow();
      const { sh } = person;
      const bare = { XDG_RUNTIME_DIR: undefined, DBUS_SESSION_BUS_ADDRESS: undefined };
      expect(await sh('heph daemon start', bare)).toMatchObject({ code: 0 });
      expect(await sh('heph daemon status', bare)).toMatchObject({ code: 0 });
    });

    test('as root for somebody, it refuses and says how', async () => {
      await using person = await machine.borrow();
      const { user } = person;
      const env = { SUDO_USER: user.name, HOME: user.home };
      const refused = await machine
        .target()
        .exec([`${user.home}/.local/bin/heph`, 'daemon', 'start'], {
          user: 'root',
          env,
        });
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(/^cannot start hephd with sudo/);
    });
  });

  describe('with nothing else at work', () => {
    // What one try has written must not be taken for the next one's.
    let tries = 0;
    test('clients that write through 20 restarts see no failure, and each write is there once', async () => {
      const person = await machine.settle(`writers${++tries}`);
      const { user, sh } = person;
      await sh('heph daemon start');
      const writer = (name: number) =>
        sh(
          `i=0; while [ ! -e ~/enough ]; do i=$((i+1)); heph task "w${name}-$i" >>~/out-${name} 2>>~/err-${name} && echo "w${name}-$i" >>~/acknowledged || echo "w${name}-$i" >>~/failed; done`,
        );
      const writers = [writer(1), writer(2), writer(3)];
      const restarts = await sh(
        'for i in $(seq 20); do heph daemon restart >/dev/null || break; echo $i; done; touch ~/enough',
      );
      await Promise.all(writers);
      expect(restarts.stdout.trim().split('\n').at(-1), restarts.stderr).toBe('20');
      expect((await sh('cat ~/failed ~/err-*')).stdout).toBe('');
      const acknowledged = (await machine.target().readFile(`${user.home}/acknowledged`))
        .trim()
        .split('\n');
      expect(acknowledged.length).toBeGreaterThan(100);
      expect((await person.titles()).toSorted()).toEqual(acknowledged.toSorted());
    });
  });
}
