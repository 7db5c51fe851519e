import { expect } from 'vitest';
import type { Result } from '#protocol/methods.ts';
import type { NodeRecord } from '#protocol/records.ts';
import type { Core } from './builders.ts';

type Task = NodeRecord & { kind: 'task' };
export type Journal = NodeRecord & { kind: 'journal' };

export const ID = (n: number) => `01KAC0000000000000000${String(n).padStart(5, '0')}`;
export const common = (n: number) => ({
  node_id: ID(n),
  title: `Node ${n}`,
  created_at: 1000 + n,
  updated_at: 2000 + n,
  tags: [],
  body: '',
  log: [],
  tombstoned: false,
});

export function task(n: number, fields: Partial<Task> = {}): Task {
  return {
    kind: 'task',
    ...common(n),
    state: 'outstanding',
    attention: 'white',
    do_on: null,
    late_from: null,
    recurrence: null,
    recur_from: 'schedule',
    project_id: null,
    project: null,
    key: null,
    ...fields,
  };
}

export const page = (n: number, fields: Partial<Journal> = {}): Journal => ({
  kind: 'journal',
  ...common(n),
  day: '2026-11-18',
  ...fields,
});

export async function importInto(
  to: Core,
  ...parts: NodeRecord[][]
): Promise<Result<'import.commit'>> {
  const { import_id: id } = await to.call('import.begin', {});
  for (const [part, records] of parts.entries())
    await to.call('import.stage', { import_id: id, part, records });
  return to.call('import.commit', { import_id: id });
}

export async function exportOf(from: Core): Promise<NodeRecord[]> {
  const { export_id: id, nodes } = await from.call('export.begin', {});
  const all: NodeRecord[] = [];
  for (;;) {
    const { records } = await from.call('export.page', { export_id: id });
    if (records.length === 0) break;
    all.push(...records);
  }
  expect(all).toHaveLength(nodes);
  return all.toSorted((a, b) => (a.node_id < b.node_id ? -1 : 1));
}
