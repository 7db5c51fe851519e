import { describe, expect, test } from 'vitest';
import type { InstalledMachine } from './installed.ts';
import type { Target } from '../support/target.ts';

/** Logging in and out, and the machine's own end. */
export function sessions(machine: InstalledMachine): void {
  describe('sessions', () => {
    test('it ends with the last session where nobody lingers, and comes back with the next', async () => {
      const person = await machine.settle('guest', { linger: false });
      const target = machine.target();
      await logIn(target, 'guest');
      expect(await person.sh('heph daemon start')).toMatchObject({ code: 0 });
      expect((await person.status()).hints.join('\n')).toMatch(/loginctl enable-linger/);
      await logOut(target, 'guest');
      await managerGone(target, person.user.uid);
      expect((await person.sh('heph next')).code).toBe(3);

      await logIn(target, 'guest');
      expect(await person.until(({ healthy }) => healthy)).toMatchObject({ enabled: true });
      expect((await person.sh('heph daemon stop')).code).toBe(0);
      await asRoot(target, 'loginctl terminate-user guest');
      await managerGone(target, person.user.uid);
      await logIn(target, 'guest');
      await person.until(({ healthy }) => healthy);
    });

    test('with linger it runs on after the last session, and comes up with the machine', async () => {
      const person = await machine.settle('resident');
      const target = machine.target();
      await logIn(target, 'resident');
      expect(await person.sh('heph daemon start')).toMatchObject({ code: 0 });
      const { pid } = await person.status();
      await logOut(target, 'resident');
      await target.waitFor('the session to be closed', async () => {
        const state = await asRoot(target, 'loginctl show-user resident -p State');
        return state === 'State=lingering\n';
      });
      expect(await person.status()).toMatchObject({ healthy: true, pid });

      await target.reboot();
      expect(await person.until(({ healthy }) => healthy)).toMatchObject({ enabled: true });
      expect((await person.sh('heph daemon uninstall')).code).toBe(0);
      await target.reboot();
      expect(await person.status()).toMatchObject({ installed: false, running: false });
    });
  });
}

/** A session as of a login at the machine: PAM opens it, and logind the user's manager. */
async function logIn(target: Target, name: string): Promise<void> {
  await asRoot(
    target,
    `systemd-run --quiet --unit=login-${name} -p PAMName=login -p User=${name} sleep infinity
     until [ -S "/run/user/$(id -u ${name})/systemd/private" ]; do sleep 0.05; done`,
  );
}

async function logOut(target: Target, name: string): Promise<void> {
  await asRoot(target, `systemctl stop login-${name}`);
}

/** logind gives it a few seconds. */
async function managerGone(target: Target, uid: number): Promise<void> {
  await target.waitFor('the user manager to go', async () => {
    const state = await asRoot(target, `systemctl is-active user@${uid}.service || true`);
    return state === 'inactive\n';
  });
}

async function asRoot(target: Target, script: string): Promise<string> {
  const { code, stdout, stderr } = await target.exec(['sh', '-c', script], { user: 'root' });
  if (code !== 0) throw new Error(`\`${script}\` ended with ${code}: ${stderr}`);
  return stdout;
}
