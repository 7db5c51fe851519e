import { existsSync, readlinkSync, realpathSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { VERSION } from '#protocol/version.ts';
import { NEXT_VERSION, platform, root } from '../../scripts/support.ts';
import { openInstalledMachine, type Machine } from '../support/machine.ts';
import { Releases } from '../support/releases.ts';

/** The way through an update where launchd, here a stand-in, starts hephd again. */
const client = process.env['HEPH_TEST_CLIENT'] || undefined;
const artefact = client === undefined ? null : dirname(dirname(realpathSync(client)));
const next = `${root}/build/heph-${NEXT_VERSION}-${platform}.tar.gz`;

let releases: Releases;
beforeAll(async () => {
  releases = await Releases.make();
});
afterAll(() => releases[Symbol.asyncDispose]());

/** Somebody whose hephd runs and has work to do, with that feed. */
async function withFeed(feed: string): Promise<Machine & { client: Busy }> {
  if (artefact === null) throw new Error('no artefact');
  const machine = await openInstalledMachine('launchd', artefact);
  const settings = { 'update.feed': `file://${feed}`, 'update.keys': releases.key };
  for (const [key, value] of Object.entries(settings))
    expect((await machine.heph(['config', 'set', key, value])).code).toBe(0);
  expect(await machine.heph(['daemon', 'start'])).toMatchObject({ code: 0 });
  return { ...machine, client: busy(machine) };
}

interface Busy {
  /** Stop. @returns what was filed. */
  end(): Promise<string[]>;
}

function busy(machine: Machine): Busy {
  const filed: string[] = [];
  const enough = new AbortController();
  const ended = (async () => {
    while (!enough.signal.aborted) {
      const title = `t${filed.length}`;
      const { code, stderr } = await machine.heph(['task', title]);
      if (code !== 0 || stderr !== '') return `${title}: ${code} ${stderr}`;
      filed.push(title);
      await sleep(20);
    }
    return null;
  })();
  return {
    end: async () => {
      enough.abort();
      expect(await ended).toBeNull();
      return filed;
    },
  };
}

async function titlesOf(machine: Machine): Promise<string[]> {
  const rows = JSON.parse((await machine.heph(['list', '--json'])).stdout) as { title: string }[];
  return rows.map(({ title }) => title);
}

describe.runIf(artefact !== null)('an update under the fake launchd', () => {
  test.runIf(existsSync(next))('to the next artefact, and back', async () => {
    await using machine = await withFeed(await releases.real());
    const { client: work, home } = machine;
    const update = await machine.heph(['update']);
    expect(update).toMatchObject({ code: 0, stderr: '' });
    expect(update.stdout).toMatch(`hephd is now ${NEXT_VERSION}`);
    expect(readlinkSync(`${home}/.local/share/heph/current`)).toBe(`versions/${NEXT_VERSION}`);
    const { healthy, update: story } = await machine.status();
    expect(healthy).toBe(true);
    expect(story.last_result).toBe(`updated from ${VERSION} to ${NEXT_VERSION}`);
    expect((await machine.heph(['update', '--rollback'])).stdout).toMatch(
      `hephd is now ${VERSION}`,
    );
    const filed = await work.end();
    expect((await titlesOf(machine)).toSorted()).toEqual(filed.toSorted());
  });

  test('a version that leaves with 78 is given back', async () => {
    await using machine = await withFeed(await releases.broken('0.3.2', { onTrial: 'exit 78' }));
    const { client: work } = machine;
    const update = await machine.heph(['update']);
    expect(update.code).toBe(1);
    expect(update.stderr).toMatch(`it did not work here, and ${VERSION} is back`);
    const { healthy, version, update: story } = await machine.status();
    expect({ healthy, running: version.running, story: story.last_result }).toEqual({
      healthy: true,
      running: VERSION,
      story: 'gave 0.3.2 back: it failed to start, with exit code 78',
    });
    const filed = await work.end();
    expect((await titlesOf(machine)).toSorted()).toEqual(filed.toSorted());
  });
});
