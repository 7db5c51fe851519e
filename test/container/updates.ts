import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { VERSION } from '#protocol/version.ts';
import type { Shell } from '../support/artefact.ts';
import { NEXT_VERSION } from '../../scripts/support.ts';
import { Releases } from '../support/releases.ts';
import { installedOn } from './installed.ts';

/** From the artefact to the next one, and back from a bad one, under a real manager, with clients all the while. */
export async function updatesOn(name: string): Promise<void> {
  const machine = await installedOn(name);
  let releases: Releases;
  beforeAll(async () => {
    releases = await Releases.make();
  });
  afterAll(() => releases[Symbol.asyncDispose]());

  /** Somebody whose hephd runs and has work to do, with that feed. */
  async function withFeed(login: string, folder: string, more: Record<string, string> = {}) {
    const person = await machine.settle(login);
    const { sh, user } = person;
    const feed = `${user.home}/feed`;
    await machine.target().copyIn(folder, feed, { owner: login });
    const settings = { 'update.feed': `file://${feed}`, 'update.keys': releases.key, ...more };
    for (const [key, value] of Object.entries(settings)) {
      const set = await sh(`heph config set ${key} '${value}'`);
      expect(set).toMatchObject({ code: 0, stderr: '' });
    }
    expect((await sh('heph daemon start')).code).toBe(0);
    return { ...person, client: busy(sh) };
  }

  describe('self-update', { concurrent: true }, () => {
    test(
      'within an interval hephd is the newer version, and nobody has noticed',
      { timeout: 400_000 },
      async () => {
        const more = { 'update.interval_s': '60' };
        const feed = await releases.real();
        const { sh, status, until, titles, client } = await withFeed('auto', feed, more);
        // hephd runs already: it follows these settings, and no restart is needed.
        const enabled = await sh('heph config set update.enabled true');
        expect(enabled.stdout).toBe('update.enabled is now true\n');
        const page = '~/.local/share/man/man1/heph-next.1';
        expect(await sh(`rm ${page}`)).toMatchObject({ code: 0 });
        const story = `updated from ${VERSION} to ${NEXT_VERSION}`;
        const seen = await sh(`until heph daemon status | grep '${story}'; do sleep 1; done`);
        expect(seen.stdout).toMatch(story);
        await until(({ healthy }) => healthy);
        expect((await sh('heph --version')).stdout).toMatch(`heph ${NEXT_VERSION} `);
        expect(await status()).toMatchObject({
          version: { running: NEXT_VERSION, installed: NEXT_VERSION },
          current: true,
          restarts: 1,
          update: { policy: 'on', pending: null },
        });
        const written = await client.end();
        expect((await titles()).toSorted()).toEqual(written.toSorted());
        expect(await sh(`until [ -L ${page} ]; do sleep 0.1; done`)).toMatchObject({ code: 0 });
        const back = await sh('heph update --rollback');
        expect(back).toMatchObject({
          code: 0,
          stdout: expect.stringMatching(`hephd is now ${VERSION}`),
        });
        expect((await titles()).toSorted()).toEqual(written.toSorted());
        expect((await sh('heph update --check')).stdout).toMatch('somebody went back from it');
      },
    );

    test.each([
      ['crashes at once', '0.3.0', 'kill -SEGV $$', 'it failed to start, with exit code 139'],
      ['hangs', '0.3.1', 'exec sleep 1000', 'it did not answer in time'],
      ['leaves with 78', '0.3.2', 'exit 78', 'it failed to start, with exit code 78'],
      ['leaves as if all were well', '0.3.3', 'exit 0', 'it left without a word'],
    ])('a version that %s is given back', async (_, version, onTrial, why) => {
      const login = `v${version.replaceAll('.', '')}`;
      const feed = await releases.broken(version, { onTrial });
      const { sh, status, titles, client } = await withFeed(login, feed);
      const update = await sh('heph update');
      expect(update.code).toBe(1);
      expect(update.stderr).toBe(
        `cannot update to ${version}: it did not work here, and ${VERSION} is back\nsee: heph daemon status\n`,
      );
      const { healthy, restarts, update: story, version: versions } = await status();
      expect({ healthy, running: versions.running, story: story.last_result }).toEqual({
        healthy: true,
        running: VERSION,
        story: `gave ${version} back: ${why}`,
      });
      expect(restarts).toBeLessThanOrEqual(2);
      const written = await client.end();
      expect((await titles()).toSorted()).toEqual(written.toSorted());
      expect((await sh('heph update --check')).stdout).toMatch(`it was given back on`);
    });

    test.each([
      [
        'damages a copy of the store',
        '0.3.4',
        { onSelfTest: 'yes damage | dd of="$3" bs=4096 seek=1 count=4 conv=notrunc 2>/dev/null' },
        'it damages a copy of the store: ',
      ],
      [
        'cannot be executed',
        '0.3.5',
        { shell: '/no/such/loader' },
        'its hephd does not run here: ',
      ],
      [
        'fails its self-test',
        '0.3.6',
        { onSelfTest: 'echo "no such table" >&2; exit 1' },
        'its self-test fails: "no such table"',
      ],
    ])('for a version that %s, hephd does not make way', async (_, version, faults, why) => {
      const login = `v${version.replaceAll('.', '')}`;
      const person = await withFeed(login, await releases.broken(version, faults));
      const { sh, status, titles, client } = person;
      const { pid } = await status();
      const update = await sh('heph update');
      expect(update).toMatchObject({ code: 1, stdout: '' });
      expect(update.stderr).toContain(`cannot update to ${version}: ${why}`);
      const seen = await status();
      expect(seen).toMatchObject({ pid, healthy: true, restarts: 0 });
      expect(seen.update.last_result).toContain(why);
      const written = await client.end();
      expect((await titles()).toSorted()).toEqual(written.toSorted());
      const left = await sh('ls ~/.local/share/heph/versions ~/.local/share/heph/update');
      expect(left.stdout).not.toContain(version);
    });
  });
}

/** A client that files one task after another, and stops at the first that fails. */
function busy(sh: Shell): { end: () => Promise<string[]> } {
  const ended = sh(
    'i=0; while [ ! -e ~/enough ]; do i=$((i+1)); heph task "t$i" >/dev/null || exit 1; echo "t$i"; done',
  );
  return {
    end: async () => {
      await sh('touch ~/enough');
      const { code, stdout, stderr } = await ended;
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return stdout.trim().split('\n');
    },
  };
}
