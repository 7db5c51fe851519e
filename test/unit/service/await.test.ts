import { describe, expect, test } from 'vitest';
import { awaitAnswer, awaitGone } from '#service/await.ts';
import type { Activity, LastExit, PathStat, ProbeAnswer } from '#service/service.ts';
import { ANSWERS, backendSeeing, imagine, place, SPEC } from '../../support/imagined-service.ts';

const { socket, gaveUp } = SPEC.paths;
const nobody: ProbeAnswer = { kind: 'nobody' };
const starting: Activity = { state: 'starting', pid: null };

describe('a start has succeeded', () => {
  test("when the manager's own process answers", async () => {
    const { ports, did } = imagine({ probe: () => ANSWERS });
    const backend = backendSeeing({ activity: starting }, {});
    await awaitAnswer(null, SPEC, backend, ports);
    expect(did).toEqual(['sleep 40']);
  });

  test('and not while it is the one before, or another than the manager’s', async () => {
    const other: Activity = { state: 'running', pid: 43 };
    const { ports, did } = imagine({
      probe: () => ({ ...ANSWERS, pid: did.length < 2 ? 42 : 43 }),
    });
    await awaitAnswer(42, SPEC, backendSeeing({}, { activity: other }), ports);
    expect(did).toEqual(['sleep 40', 'sleep 40']);
  });
});

test.each<[Activity, ProbeAnswer]>([
  [{ state: 'starting', pid: 42 }, ANSWERS],
  [{ state: 'running', pid: 42 }, { kind: 'silent' }],
])('%j and %j is no proof of a start', async (activity, probe) => {
  const { ports } = imagine({ probe: () => probe });
  const backend = backendSeeing({ activity }, { activity: { state: 'failed' } });
  await expect(awaitAnswer(null, SPEC, backend, ports)).rejects.toThrow('it ended at once');
});

describe('a start has failed', () => {
  test.each<[Activity, LastExit | null, string]>([
    [{ state: 'respawning' }, { code: 3, signal: null }, ' with exit code 3'],
    [{ state: 'failed' }, { code: null, signal: 'SIGKILL' }, ', killed by SIGKILL'],
    [{ state: 'stopped' }, null, ''],
  ])('when it is %j', async (activity, lastExit, how) => {
    const { ports, did } = imagine();
    const waiting = awaitAnswer(null, SPEC, backendSeeing({ activity, lastExit }), ports);
    await expect(waiting).rejects.toMatchObject({
      kind: 'failed',
      message: `cannot start hephd: it ended at once${how}`,
      hint: 'mend that, then: heph daemon start',
    });
    expect(did).toEqual([]);
  });

  test('when the daemon says that it has given up; the log has the last word', async () => {
    const log = Array.from({ length: 12 }, (_, at) => `line ${at}`);
    const { ports } = imagine({ stats: { [gaveUp]: place('file', 0o600) }, log });
    const waiting = awaitAnswer(null, SPEC, backendSeeing({}), ports);
    const tail = log.slice(2).map((line) => `\n  ${line}`);
    await expect(waiting).rejects.toThrow(
      `cannot start hephd: it ended at once; its log ends:${tail.join('')}`,
    );
  });

  test.each<Activity>([starting, { state: 'running', pid: 42 }, { state: 'idle' }])(
    'when it is %j for half a minute, and no sooner',
    async (activity) => {
      const { ports, did } = imagine({ log: ['opening'] });
      const waiting = awaitAnswer(null, SPEC, backendSeeing({ activity }), ports);
      await expect(waiting).rejects.toMatchObject({
        kind: 'failed',
        message: `cannot reach hephd: it runs, but has not answered on ${socket} for 30 s; its log ends:\n  opening`,
        hint: 'try: heph daemon restart',
      });
      expect(did).toHaveLength(30_000 / 40 + 1);
    },
  );
});

describe('a stop', () => {
  test.each<Activity>([starting, { state: 'stopping', pid: 42 }, { state: 'idle' }])(
    'waits while it is %j',
    async (activity) => {
      const { ports, did } = imagine();
      await awaitGone(SPEC, backendSeeing({ activity }, { activity: { state: 'stopped' } }), ports);
      expect(did).toEqual(['sleep 40']);
    },
  );

  test('does not wait longer than the manager would', async () => {
    const { ports, did } = imagine();
    await expect(awaitGone(SPEC, backendSeeing({}), ports)).rejects.toMatchObject({
      kind: 'failed',
      message: 'cannot stop hephd: it is still there after 45 s',
      hint: 'see: heph daemon status',
    });
    expect(did).toHaveLength(45_000 / 40 + 1);
  });

  const socketOf = (uid: number) => place('socket', 0o600, uid);
  test.each<[string, PathStat, ProbeAnswer, string[]]>([
    ['removes the socket of one that was killed', socketOf(1000), nobody, [`remove ${socket}`]],
    ['leaves one on which somebody answers', socketOf(1000), ANSWERS, []],
    ['leaves one on which somebody is silent', socketOf(1000), { kind: 'silent' }, []],
    ["leaves somebody else's (E1)", socketOf(0), nobody, []],
    ['leaves what is no socket (E1)', place('file', 0o600), nobody, []],
  ])('%s', async (_, stat, probe, expected) => {
    const { ports, did } = imagine({ stats: { [socket]: stat }, probe: () => probe });
    await awaitGone(SPEC, backendSeeing({ activity: { state: 'stopped' } }), ports);
    expect(did).toEqual(expected);
  });
});
