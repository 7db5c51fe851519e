import { spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { execa } from 'execa';
import { systemClock } from '#node/clock.ts';
import type { Contender } from './measure.ts';
import { sampleTasks, type SampleTask } from './stores.ts';

/** What is asked of every program, in its own words. */
export const CELLS = ['add', 'next', 'list by project', 'search', 'done'] as const;
export type Cell = (typeof CELLS)[number];

/** Another program with the same tasks, ready to be asked. */
export interface Peer {
  name: string;
  ask: Record<Cell, Contender>;
}

/** Those that are installed; the others are left out. */
export async function peersWith(count: number, folder: string): Promise<Peer[]> {
  const peers = [];
  if (isThere('task')) peers.push(await taskwarrior(count, folder));
  if (isThere('todo-txt')) peers.push(await todotxt(count, folder));
  return peers;
}

function isThere(program: string): boolean {
  return spawnSync('bash', ['-c', `command -v ${program}`]).status === 0;
}

async function taskwarrior(count: number, folder: string): Promise<Peer> {
  const data = `${folder}/tw-${count}`;
  const env = { TASKRC: `${data}.rc`, TASKDATA: data };
  await writeFile(env.TASKRC, `data.location=${data}\nconfirmation=no\nverbose=nothing\n`);
  const open: string[] = [];
  await lines(`${data}.json`, count, (task) => {
    const uuid = randomUUID();
    if (!task.isDone && open.length < 200) open.push(uuid);
    return JSON.stringify(asTaskwarrior(task, uuid));
  });
  await execa('task', ['import', `${data}.json`], { env, stdio: ['ignore', 'ignore', 'ignore'] });
  const ask = (...args: string[]) => ({ name: 'Taskwarrior', argv: ['task', ...args], env });
  return {
    name: 'Taskwarrior',
    ask: {
      add: ask('add', 'One more task', 'project:Project 7'),
      next: ask('next', 'limit:10'),
      'list by project': ask('project:Project 7', 'list'),
      search: ask('/heron/', 'list'),
      done: { ...ask('done'), argv: () => ['task', open.pop() ?? '', 'done'] },
    },
  };
}

function asTaskwarrior(task: SampleTask, uuid: string) {
  const stamp = (day: string) => `${day.replaceAll('-', '')}T000000Z`;
  return {
    uuid,
    description: task.title,
    project: task.project,
    status: task.isDone ? 'completed' : 'pending',
    entry: '20260101T000000Z',
    tags: task.tags,
    ...(task.isDone ? { end: '20260201T000000Z' } : {}),
    ...(task.lateFrom === null ? {} : { due: stamp(task.lateFrom) }),
    ...(task.doOn === null ? {} : { scheduled: stamp(task.doOn) }),
    ...(task.body === ''
      ? {}
      : { annotations: [{ entry: '20260102T000000Z', description: task.body.trim() }] }),
  };
}

/** It has no text beside a task; all of its tasks are in one flat file. */
async function todotxt(count: number, folder: string): Promise<Peer> {
  const dir = `${folder}/todo-${count}`;
  await mkdir(dir);
  await writeFile(
    `${dir}/config`,
    `export TODO_DIR=${dir}\nexport TODO_FILE="$TODO_DIR/todo.txt"\nexport DONE_FILE="$TODO_DIR/done.txt"\nexport REPORT_FILE="$TODO_DIR/report.txt"\n`,
  );
  await lines(`${dir}/todo.txt`, count, (task) => {
    const project = `+${task.project.replaceAll(' ', '')}`;
    const due = task.lateFrom === null ? '' : ` due:${task.lateFrom}`;
    const done = task.isDone ? 'x 2026-02-01 ' : '';
    return `${done}${task.title} ${project} ${task.tags.map((tag) => `@${tag}`).join(' ')}${due}`;
  });
  const text = await readFile(`${dir}/todo.txt`, 'utf8');
  const open = text.split('\n').flatMap((line, i) => (line.startsWith('x ') ? [] : [i + 1]));
  const ask = (...args: string[]) => ({
    name: 'todo.txt',
    argv: ['todo-txt', '-d', `${dir}/config`, '-a', '-f', '-p', ...args],
  });
  return {
    name: 'todo.txt',
    ask: {
      add: ask('add', 'One more task +Project7'),
      next: ask('ls'),
      'list by project': ask('ls', '+Project7'),
      search: ask('ls', 'heron'),
      done: { ...ask('do'), argv: () => [...ask('do').argv, String(open.shift() ?? 1)] },
    },
  };
}

/** A line for each sample task, written as it is made. */
async function lines(
  path: string,
  count: number,
  line: (task: SampleTask) => string,
): Promise<void> {
  const file = createWriteStream(path);
  for (const task of sampleTasks(count, systemClock(true).today())) {
    if (!file.write(`${line(task)}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}
