import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { addDays } from '#core/dates.ts';
import { ATTENTIONS } from '#core/task.ts';
import { addProject } from '#daemon/handlers/projects.ts';
import { addTask, doneTasks } from '#daemon/handlers/task-changes.ts';
import type { WriteWorld } from '#daemon/world.ts';
import { systemClock } from '#node/clock.ts';
import { newUlid } from '#node/new-id.ts';
import { loadOccurrences } from '#node/occurrences.ts';
import { Snapshots } from '#store/snapshots.ts';
import { Store } from '#store/store.ts';

/** One task of a made-up store, the same for us and for those we are compared with. */
export interface SampleTask {
  title: string;
  project: string;
  attention: (typeof ATTENTIONS)[number];
  doOn: string | null;
  lateFrom: string | null;
  tag: string | null;
  isDone: boolean;
}

const PROJECTS = 20;
const WORDS =
  'call write mend plant order check send read paint move sort clean ask plan fix book'.split(' ');
const THINGS =
  'roof letter garden lamp report invoice bicycle door shelf cable ticket form mail fence'.split(
    ' ',
  );

/** A store as people have them: a fifth done, a tenth put off, a few late, most without a date. */
export function sampleTasks(count: number, today: string): SampleTask[] {
  const chance = seeded(42);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T;
  return Array.from({ length: count }, (_, i) => {
    const rare = i % 200 === 0 ? ' heron' : '';
    return {
      title: `${pick(WORDS)} the ${pick(THINGS)}${rare}, no. ${i}`,
      project: `Project ${1 + Math.floor(chance() * PROJECTS)}`,
      attention: chance() < 0.85 ? 'white' : pick(ATTENTIONS),
      doOn: chance() < 0.2 ? addDays(today, Math.floor(chance() * 120) - 60) : null,
      lateFrom: chance() < 0.1 ? addDays(today, Math.floor(chance() * 200) - 20) : null,
      tag: chance() < 0.3 ? pick(THINGS) : null,
      isDone: chance() < 0.2,
    };
  });
}

/** Write a store of these tasks, through the same handlers as any client's request. */
export async function makeStore(path: string, tasks: readonly SampleTask[]): Promise<void> {
  await Promise.all(['', '-wal', '-shm', '.lock'].map((end) => rm(path + end, { force: true })));
  using store = new Store(path, newUlid);
  const { db, sql, changes, origin } = store;
  // Only while the sample is made: a lost sample is made again.
  db.pragma('synchronous = OFF');
  const world: WriteWorld = {
    sql,
    clock: systemClock(true),
    newId: newUlid,
    nextOccurrence: await loadOccurrences(),
    origin,
    snapshots: new Snapshots(() => db),
  };
  const request = () => ({
    requestId: randomUUID(),
    method: 'bench',
    fingerprint: '',
    nowMs: Date.now(),
  });
  changes.mutate(request(), (write) => {
    for (let i = 1; i <= PROJECTS; i++) addProject(world, { name: `Project ${i}` }, write);
    return null;
  });
  for (let from = 0; from < tasks.length; from += 1000) {
    changes.mutate(request(), (write) => {
      for (const task of tasks.slice(from, from + 1000)) {
        const { node_id } = addTask(world, paramsOf(task), write);
        if (task.isDone) doneTasks(world, { ids: [node_id] }, write);
      }
      return null;
    });
  }
}

function paramsOf(task: SampleTask) {
  return {
    title: task.title,
    project: task.project,
    attention: task.attention,
    do_date: task.doOn,
    late_on: task.lateFrom,
    tags: task.tag === null ? [] : [task.tag],
  };
}

/** The same tasks as Taskwarrior's `task import` takes them. */
export function asTaskwarrior(tasks: readonly SampleTask[]): string {
  const stamp = (day: string) => `${day.replaceAll('-', '')}T000000Z`;
  return JSON.stringify(
    tasks.map((task) => ({
      uuid: randomUUID(),
      description: task.title,
      project: task.project,
      status: task.isDone ? 'completed' : 'pending',
      entry: '20260101T000000Z',
      ...(task.isDone ? { end: '20260201T000000Z' } : {}),
      ...(task.lateFrom === null ? {} : { due: stamp(task.lateFrom) }),
      ...(task.doOn === null ? {} : { scheduled: stamp(task.doOn) }),
      ...(task.tag === null ? {} : { tags: [task.tag] }),
    })),
  );
}

/** A small generator of the same numbers every time (mulberry32's recurrence). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
