import { expect, test } from 'vitest';
import { openStore } from '#store/open.ts';
import { startDaemon, type Daemon } from '../support/daemon.ts';
import { hephOn, type Heph } from '../support/heph.ts';
import { Sandbox } from '../support/sandbox.ts';

const KILLS = 6;
const WRITERS = 3;

test('killed while clients write, it has every acknowledged change once, and a sound store', async () => {
  await using sandbox = await Sandbox.make();
  const acknowledged: string[] = [];
  for (let round = 0; round < KILLS; round++) {
    await using daemon = await startDaemon({ folder: sandbox.path });
    await killedWhile(daemon, round, acknowledged);
  }
  expect(acknowledged.length).toBeGreaterThan(KILLS);
  const titles = titlesIn(`${sandbox.path}/heph.db`);
  for (const title of acknowledged)
    expect(titles.filter((each) => each === title)).toEqual([title]);
  // What was never acknowledged may be there, but nothing is there twice.
  expect(new Set(titles).size).toBe(titles.length);
});

/** Kill it once a few writes of this round are acknowledged, with others under way. */
async function killedWhile(daemon: Daemon, round: number, acknowledged: string[]): Promise<void> {
  const heph = hephOn(daemon.socket);
  const enough = Promise.withResolvers<void>();
  let written = 0;
  const writers = Array.from({ length: WRITERS }, (_, writer) =>
    write(heph, `r${round} w${writer}`, (title) => {
      acknowledged.push(title);
      if (++written === 2 + round) enough.resolve();
    }),
  );
  await enough.promise;
  await daemon.kill('SIGKILL');
  await Promise.all(writers);
}

/** File one task after another until nobody answers. */
async function write(
  heph: Heph,
  name: string,
  acknowledge: (title: string) => void,
): Promise<void> {
  for (let i = 0; ; i++) {
    const title = `${name} no. ${i}`;
    if ((await heph(['task', title])).code !== 0) return;
    acknowledge(title);
  }
}

function titlesIn(path: string): string[] {
  const db = openStore(path);
  try {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    return db.prepare(`SELECT title FROM nodes WHERE kind = 'task'`).pluck().all() as string[];
  } finally {
    db.close();
  }
}
