import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Change } from '#core/change.ts';
import { addDays } from '#core/dates.ts';
import { ATTENTIONS } from '#core/task.ts';
import { systemClock } from '#node/clock.ts';
import { newUlid } from '#node/new-id.ts';
import type { Write } from '#store/changes.ts';
import { Store } from '#store/store.ts';

/** One task of a made-up store, the same for us and for those we are compared with. */
export interface SampleTask {
  title: string;
  project: string;
  attention: (typeof ATTENTIONS)[number];
  doOn: string | null;
  lateFrom: string | null;
  tags: string[];
  body: string;
  isDone: boolean;
}

const PROJECTS = 20;
const WORDS =
  'call write mend plant order check send read paint move sort clean ask plan fix book'.split(' ');
const THINGS =
  'roof letter garden lamp report invoice bicycle door shelf cable ticket form mail fence'.split(
    ' ',
  );

/**
 * A store as people have them: a fifth done, a tenth put off, a few late, most
 * without a date; two in three have a text. One in two hundred has a heron.
 */
export function* sampleTasks(count: number, today: string): Generator<SampleTask> {
  const chance = seeded(42);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T;
  const sentence = () => `${pick(WORDS)} the ${pick(THINGS)} before the ${pick(THINGS)}`;
  for (let i = 0; i < count; i++) {
    const rare = i % 200 === 0 ? ' heron' : '';
    yield {
      title: `${pick(WORDS)} the ${pick(THINGS)}${rare}, no. ${i}`,
      project: `Project ${1 + Math.floor(chance() * PROJECTS)}`,
      attention: chance() < 0.85 ? 'white' : pick(ATTENTIONS),
      doOn: chance() < 0.2 ? addDays(today, Math.floor(chance() * 120) - 60) : null,
      lateFrom: chance() < 0.1 ? addDays(today, Math.floor(chance() * 200) - 20) : null,
      tags: chance() < 0.3 ? [pick(THINGS), pick(WORDS)] : [pick(THINGS)],
      body: chance() < 0.66 ? `${sentence()}. ${sentence()}.\n` : '',
      isDone: chance() < 0.2,
    };
  }
}

/** Tasks of one transaction while a store is made. */
const BATCH = 1000;

/**
 * Write a store of these tasks, with about ten changes to each, in the log and
 * in the tables as every change is.
 * @returns ids of outstanding ones, for those who want to close some.
 */
export async function makeStore(path: string, count: number): Promise<string[]> {
  await Promise.all(['', '-wal', '-shm', '.lock'].map((end) => rm(path + end, { force: true })));
  using store = new Store(path, newUlid);
  // Only while the sample is made: a lost sample is made again.
  store.db.pragma('synchronous = OFF');
  const open: string[] = [];
  const projects = Array.from({ length: PROJECTS }, () => newUlid());
  change(store, (write) => {
    for (const [i, node] of projects.entries()) {
      write({ node, field: 'created', value: { kind: 'project', at_ms: Date.now() } });
      write({ node, field: 'title', value: `Project ${i + 1}` });
    }
  });
  const tasks = sampleTasks(count, systemClock(true).today());
  for (let made = 0; made < count; made += BATCH) {
    change(store, (write) => {
      for (let i = made; i < Math.min(count, made + BATCH); i++) {
        const task = tasks.next().value as SampleTask;
        const node = newUlid();
        for (const one of changesOf(task, node, projects)) write(one);
        if (!task.isDone && open.length < 1000) open.push(node);
      }
    });
  }
  store.db.pragma('wal_checkpoint(TRUNCATE)');
  return open;
}

function change(store: Store, what: (write: Write) => void): void {
  const request = { requestId: randomUUID(), method: 'bench', fingerprint: '', nowMs: Date.now() };
  store.changes.mutate(request, (write) => what(write) ?? null);
}

/** What people do to a task: they file it, and think again. */
function changesOf(task: SampleTask, node: string, projects: readonly string[]): Change[] {
  const { title, attention, doOn, lateFrom, tags, body, isDone } = task;
  const project = projects[Number(task.project.split(' ')[1]) - 1] ?? null;
  const given: Change[] = [
    { node, field: 'created', value: { kind: 'task', at_ms: Date.now() } },
    { node, field: 'title', value: `${title}?` },
    { node, field: 'project', value: project },
    ...tags.map((tag): Change => ({ node, field: `tag:${tag}`, value: true })),
    { node, field: 'attention', value: 'orange' },
    { node, field: 'title', value: title },
    { node, field: 'attention', value: attention },
    { node, field: 'body', value: body },
  ];
  if (doOn !== null) given.push({ node, field: 'do_on', value: doOn });
  if (lateFrom !== null) given.push({ node, field: 'late_from', value: lateFrom });
  return isDone ? [...given, { node, field: 'state', value: 'done' }] : given;
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
