import { describe, expect, test } from 'vitest';
import type { HephError } from '#core/errors.ts';
import type { NodeKind } from '#core/node.ts';
import { findNode, shortId } from '#store/nodes.ts';
import { findProject } from '#store/projects.ts';
import { Core } from '../../support/builders.ts';

/** A store of nodes with just these ids, all tasks unless said. */
function storeOf(...ids: (string | [string, NodeKind])[]): Core {
  const core = new Core();
  for (const one of ids) {
    const [node, kind] = typeof one === 'string' ? ([one, 'task'] as const) : one;
    core.write(
      { node, field: 'created', value: { kind, at_ms: 1 } },
      { node, field: 'title', value: `the ${kind} ${node.slice(-4)}` },
    );
  }
  return core;
}

const A = '01AAAAAAAA0000000000007Q2M';
const B = '01AAAAAAAB0000000000017Q2M';
const C = '01AAAAAAAC00000000000K1VDX';

function problemOf(run: () => unknown) {
  try {
    run();
  } catch (error) {
    return (error as HephError).problem;
  }
  throw new Error('it was found');
}

describe('an id is found', () => {
  test.each([
    ['by all of it', A, A],
    ['in lower case', A.toLowerCase(), A],
    ['by its beginning', '01AAAAAAAC', C],
    ['by its end', '1VDX', C],
    ['by its end, with a letter for a digit', 'kIvdx', C],
    ['by an end longer than another shares', '017Q2M', B],
  ])('%s', async (_, ref, id) => {
    await using core = storeOf(A, B, C);
    expect(findNode(core.sql, ref).node_id).toBe(id);
  });

  test('by a part that is both the beginning and the end of one', async () => {
    const id = '7Q2M000000000000000000AAAA';
    await using core = storeOf('01AAAAAAAA000000000000BBBB', id);
    expect(findNode(core.sql, 'AAAA').node_id).toBe(id);
  });

  test('by all of it, even when it was deleted, and then by no part', async () => {
    await using core = storeOf(A);
    core.write({ node: A, field: 'tombstoned', value: true });
    expect(findNode(core.sql, A).node_id).toBe(A);
    expect(problemOf(() => findNode(core.sql, '7Q2M'))).toMatchObject({ code: 'not_found' });
  });
});

describe('an id that means nothing', () => {
  test.each(['7Q2', 'ZZZZ', '1VDXX', 'A A A', 'K1VD%', '', `${A}0`])(
    '%j is not found',
    async (ref) => {
      await using core = storeOf(A, B, C);
      expect(problemOf(() => findNode(core.sql, ref))).toEqual({
        code: 'not_found',
        kind: 'node',
        ref,
      });
      expect(problemOf(() => findNode(core.sql, ref, 'task'))).toEqual({
        code: 'not_found',
        kind: 'task',
        ref,
      });
    },
  );

  test('is the id of something of another kind', async () => {
    await using core = storeOf([A, 'project']);
    expect(problemOf(() => findNode(core.sql, A, 'task'))).toMatchObject({
      code: 'wrong_kind',
      wanted: 'task',
      is: { node_id: A, kind: 'project' },
    });
  });
});

describe('an id that means several', () => {
  test('names them all', async () => {
    await using core = storeOf(A, B, C);
    expect(problemOf(() => findNode(core.sql, '7q2m'))).toEqual({
      code: 'ambiguous',
      ref: '7q2m',
      candidates: [A, B].map((node_id) => ({ node_id, kind: 'task', title: 'the task 7Q2M' })),
    });
  });

  test('names ten at most', async () => {
    const many = Array.from(
      { length: 15 },
      (_, i) => `01AAAAAAAA0000000000${String(i).padStart(2, '0')}7Q2M`,
    );
    await using core = storeOf(...many);
    expect(problemOf(() => findNode(core.sql, '01AA'))).toMatchObject({
      candidates: { length: 10 },
    });
  });

  test('is plain where only one is of the kind that is asked for, however many others there are', async () => {
    const projects = Array.from({ length: 15 }, (_, i): [string, NodeKind] => [
      `01AAAAAAAA0000000000${String(i).padStart(2, '0')}0000`,
      'project',
    ]);
    await using core = storeOf(...projects, C);
    expect(findNode(core.sql, '01AA', 'task').node_id).toBe(C);
  });
});

describe('a short id', () => {
  test.each([
    ['is the last four characters', [A, C], C, '1VDX'],
    ['is longer where others end the same', [A, B], B, '17Q2M'],
    [
      'is as long as needed',
      [A, A.replace('0000007Q2M', '1000007Q2M'), A.replace('0007Q2M', '1007Q2M')],
      A,
      '0000007Q2M',
    ],
    ['is longer where another begins like it', [A, '7Q2M000000000000000000AAAA'], A, '07Q2M'],
  ])('%s, and means the node it was made for', async (_, ids, id, short) => {
    await using core = storeOf(...ids);
    expect(shortId(core.sql, id)).toBe(short);
    expect(findNode(core.sql, short).node_id).toBe(id);
  });
});

describe('a project is found', () => {
  const HOME = '01AAAAAAAA0000000000000H0ME';
  test.each([
    ['by its name', 'Home'],
    ['by its name in other letter case', 'hOME'],
    ['by a part of its id', 'id'],
  ])('%s', async (_, ref) => {
    await using core = new Core();
    const { node_id: id } = await core.call('project.add', { name: 'Home' });
    expect(findProject(core.sql, ref === 'id' ? id.slice(-6) : ref).node_id).toBe(id);
  });

  test('by its very name first, though another differs only in letter case', async () => {
    await using core = storeOf([HOME.slice(0, 26), 'project'], [A, 'project']);
    core.write(
      { node: HOME.slice(0, 26), field: 'title', value: 'home' },
      { node: A, field: 'title', value: 'Home' },
    );
    expect(findProject(core.sql, 'Home').node_id).toBe(A);
    expect(findProject(core.sql, 'home').node_id).toBe(HOME.slice(0, 26));
  });

  test('by its name, though that could be a part of an id', async () => {
    await using core = storeOf([A, 'project'], [C, 'project']);
    core.write({ node: C, field: 'title', value: '7Q2M' });
    expect(findProject(core.sql, '7q2m').node_id).toBe(C);
  });

  test.each(['Garden', '7Q2M', ''])('and %j is not, where there is none', async (ref) => {
    await using core = storeOf(C);
    expect(problemOf(() => findProject(core.sql, ref))).toEqual({
      code: 'not_found',
      kind: 'project',
      ref,
    });
  });
});
