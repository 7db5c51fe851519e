import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Status } from '#service/status.ts';
import { root } from '../../scripts/support.ts';
import { installFor, unpackArtefact, type Shell } from '../support/artefact.ts';
import { missingEngine, Target, type TargetUser } from '../support/target.ts';

/** Somebody who has heph installed from the artefact, and nothing else of it yet. */
interface Person extends AsyncDisposable {
  user: TargetUser;
  sh: Shell;
  status: () => Promise<Status>;
  /** The first status that fits. */
  until: (fits: (status: Status) => boolean) => Promise<Status>;
  titles: () => Promise<string[]>;
}

/** A machine without Node and without a network; the tree is at `/src`. */
export interface InstalledMachine {
  target(): Target;
  /** Whoever is free, or somebody new: who gives back is as good as new. */
  borrow(): Promise<Person>;
  /** Somebody new, who stays as they are. */
  settle(name: string, options?: { home?: string; linger?: boolean }): Promise<Person>;
}

/** One machine for all the tests of a file. */
export async function installedOn(name: string): Promise<InstalledMachine> {
  const missing = await missingEngine();
  const idle: Person[] = [];
  let users = 0;
  let target: Target;
  beforeEach((context) => context.skip(missing !== undefined, missing));
  beforeAll(async () => {
    if (missing !== undefined) return;
    target = await Target.start(name, {
      binds: [{ source: root, target: '/src', mode: 'ro' }],
    });
    await unpackArtefact(target);
  });
  afterAll(async () => {
    if (missing === undefined) await target[Symbol.asyncDispose]();
  });

  async function settle(
    login: string,
    options: { home?: string; linger?: boolean } = {},
  ): Promise<Person> {
    return personOf(target, await installFor(target, login, options));
  }
  return {
    target: () => target,
    settle,
    borrow: async () => {
      const person = idle.pop() ?? (await settle(`user${++users}`));
      return {
        ...person,
        [Symbol.asyncDispose]: async () => {
          await renew(person);
          idle.push(person);
        },
      };
    },
  };
}

function personOf(target: Target, { user, sh }: { user: TargetUser; sh: Shell }): Person {
  const status = async () => JSON.parse((await sh('heph daemon status --json')).stdout) as Status;
  return {
    user,
    sh,
    status,
    until: (fits) =>
      target.waitFor(`the daemon of ${user.name} to be so`, async () => {
        const seen = await status();
        return fits(seen) && seen;
      }),
    titles: async () =>
      (JSON.parse((await sh('heph list --json')).stdout) as { title: string }[]).map(
        (row) => row.title,
      ),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** All but the installed program goes. */
async function renew({ sh }: Person): Promise<void> {
  const { code, stdout, stderr } = await sh(
    'heph daemon uninstall && rm -rf ~/.config/systemd ~/.config/heph ~/.local/share/heph/he* ~/out* && systemctl --user daemon-reload',
  );
  if (code !== 0) throw new Error(`cannot make them as good as new: ${stdout}${stderr}`);
}
