import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Change } from '#core/change.ts';
import { compareTasks, isCandidate } from '#core/ranking.ts';
import { ATTENTIONS, STATES } from '#core/task.ts';
import { nextTasks } from '#store/next.ts';
import { Statements, type Database } from '#store/sqlite.ts';
import { readTask } from '#store/tasks.ts';
import { Core } from '../../support/builders.ts';

/** Few enough that many tasks share one. */
const dates = fc.constantFrom(
  null,
  '2026-11-16',
  '2026-11-17',
  '2026-11-18',
  '2026-11-19',
  '2026-11-20',
  '9999-12-31',
);
const usual = <T>(value: T, other: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: other });
const task = fc.record({
  attention: fc.constantFrom(...ATTENTIONS),
  doOn: dates,
  lateFrom: dates,
  state: usual('outstanding', fc.constantFrom(...STATES)),
  project: fc.constantFrom(null, 'alive', 'archived'),
  createdAt: fc.integer({ min: 1, max: 4 }),
  tombstoned: usual(false, fc.boolean()),
});
type Spec = typeof task extends fc.Arbitrary<infer T> ? T : never;

function changesOf(core: Core, spec: Spec, projects: Record<string, string>): Change[] {
  const node = core.newId();
  return [
    { node, field: 'created', value: { kind: 'task', at_ms: spec.createdAt } },
    { node, field: 'attention', value: spec.attention },
    { node, field: 'do_on', value: spec.doOn },
    { node, field: 'late_from', value: spec.lateFrom },
    {
      node,
      field: 'project',
      value: spec.project === null ? null : (projects[spec.project] ?? null),
    },
    { node, field: 'state', value: spec.state as 'outstanding' },
    ...(spec.tombstoned ? [{ node, field: 'tombstoned', value: true } as const] : []),
  ];
}

function storeOf(core: Core, specs: Spec[]): void {
  const projects = { alive: core.newId(), archived: core.newId() };
  const made = Object.values(projects).map(
    (node) => ({ node, field: 'created', value: { kind: 'project', at_ms: 1 } }) as const,
  );
  core.write(...made, { node: projects.archived, field: 'archived', value: true });
  core.write(...specs.flatMap((spec) => changesOf(core, spec, projects)));
}

/** The rule itself: all that may be worked on, in the order of `core/ranking.ts`. */
function sorted(core: Core, today: string): string[] {
  const numbers = core.db.prepare('SELECT n FROM tasks').pluck().all() as number[];
  const candidates = numbers
    .map((n) => readTask(core.sql, n))
    .filter((one) => isCandidate(one, today));
  return candidates.toSorted((a, b) => compareTasks(a, b, today)).map(({ id }) => id);
}

test('what the indexes answer is what sorting every candidate gives', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(task, { maxLength: 40 }),
      fc.constantFrom('2026-11-15', '2026-11-17', '2026-11-18', '2026-11-21'),
      fc.integer({ min: 1, max: 45 }),
      async (specs, today, limit) => {
        await using core = new Core();
        storeOf(core, specs);
        const expected = sorted(core, today);
        expect(nextTasks(core.sql, today, 1000).map(({ id }) => id)).toEqual(expected);
        expect(nextTasks(core.sql, today, limit).map(({ id }) => id)).toEqual(
          expected.slice(0, limit),
        );
      },
    ),
    { numRuns: 150 },
  );
});

describe('a change is seen by the indexes at once', () => {
  test.each([
    ['done', 'state', 'done', 'outstanding'],
    ['tombstoned', 'tombstoned', true, false],
    ['put off', 'do_on', '2999-01-01', null],
  ] as const)('%s, and back', async (_, field, away, back) => {
    await using core = new Core();
    const { node_id: node } = await core.file('Water the plants');
    const titles = () => nextTasks(core.sql, core.clock.today(), 10).map(({ title }) => title);
    core.write({ node, field, value: away } as Change);
    expect(titles()).toEqual([]);
    core.write({ node, field, value: back } as Change);
    expect(titles()).toEqual(['Water the plants']);
  });

  test('of a task both closed and tombstoned, either alone keeps it away', async () => {
    await using core = new Core();
    const { node_id: node } = await core.file('Water the plants');
    core.write({ node, field: 'state', value: 'done' }, { node, field: 'tombstoned', value: true });
    core.write({ node, field: 'tombstoned', value: false });
    expect(nextTasks(core.sql, core.clock.today(), 10)).toEqual([]);
  });
});

test('every range is read from an index that is in its order already', async () => {
  await using core = new Core();
  const plan: string[] = [];
  const seen: Database = {
    prepare: (sql) => {
      if (sql.includes('@today')) {
        const rows = core.db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all({ today: '', limit: 1 });
        plan.push(...rows.map((row) => (row as { detail: string }).detail));
      }
      return core.db.prepare(sql);
    },
    exec: (sql) => core.db.exec(sql),
    pragma: (text) => core.db.pragma(text),
    backup: (path, options) => core.db.backup(path, options),
    close: () => undefined,
  };
  nextTasks(new Statements(seen), core.clock.today(), 10);
  const walks = plan.filter((line) => /^(SEARCH|SCAN) t /.test(line));
  expect(walks).toHaveLength(13);
  for (const walk of walks)
    expect(walk).toMatch(/^SEARCH t USING INDEX tasks_by_(attention|lateness) /);
  // Ids only decide between tasks of the same millisecond.
  expect(
    plan.filter((line) => line.includes('TEMP B-TREE') && !line.includes('LAST TERM')),
  ).toEqual([]);
});
