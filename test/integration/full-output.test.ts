import { closeSync, openSync } from 'node:fs';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDaemon, type Daemon } from '../support/daemon.ts';
import { builds, hephOn } from '../support/heph.ts';

const MADE = 'the change that was asked for has been made: do not ask for it again';

describe.each(builds)('output that cannot be written, of heph ($name)', (build) => {
  let daemon: Daemon;
  beforeAll(async () => {
    daemon = await startDaemon();
    await hephOn(daemon.socket, build)(['task', 'Kept']);
  });
  afterAll(() => daemon[Symbol.asyncDispose]());

  /** Run with a file in the place of stdout or stderr, opened so. */
  async function onto(
    args: string[],
    { file, flags, as = 'stdout' }: { file: string; flags: string; as?: 'stdout' | 'stderr' },
  ) {
    const fd = openSync(file, flags);
    try {
      const [program, ...words] = build.command;
      const { exitCode, stdout, stderr } = await execa(program, [...words, ...args], {
        env: { HEPH_SOCKET: daemon.socket, HOME: '/nonexistent' },
        reject: false,
        [as]: fd,
      });
      return { code: exitCode, stdout, stderr };
    } finally {
      closeSync(fd);
    }
  }
  const full = { file: '/dev/full', flags: 'w' };

  test.each([
    [['list']],
    [['list', '--json']],
    [['help']],
    [['export']],
    [['watch', '--since', '0']],
    [['doctor', '--json']],
  ])('%j on a full disk', async (args) => {
    expect(await onto(args, full)).toMatchObject({
      code: 1,
      stderr: 'cannot write the output: no space left on device',
    });
  });

  test('nor is the log blamed for it', async () => {
    const { code, stderr } = await onto(['daemon', 'logs', '--json'], full);
    expect({ code, end: stderr?.split('\n').at(-1) }).toEqual({
      code: 1,
      end: 'cannot write the output: no space left on device',
    });
  });

  test.each([[['task', 'Filed']], [['task', 'Filed', '--json']]])(
    '%j on a full disk has filed it, as it says',
    async (args) => {
      const count = async () =>
        (await hephOn(daemon.socket, build)(['list', '--json'])).json<unknown[]>().length;
      const before = await count();
      expect(await onto(args, full)).toMatchObject({
        code: 1,
        stderr: `cannot write the output: no space left on device\n${MADE}`,
      });
      expect(await count()).toBe(before + 1);
    },
  );

  test('what is open for reading only', async () => {
    expect(await onto(['list'], { file: '/dev/null', flags: 'r' })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^cannot write the output: bad file descriptor/),
    });
  });

  test('an error with --json that finds no room is said in words, without the word of a change', async () => {
    expect(await onto(['show', 'ZZZZ', '--json'], full)).toMatchObject({
      code: 1,
      stderr: 'cannot find the task "ZZZZ"\nids are in: heph list --all',
    });
  });

  test('stderr without room changes nothing of what is done', async () => {
    expect(await onto(['list', '--tag', 'none'], { ...full, as: 'stderr' })).toMatchObject({
      code: 0,
    });
    expect(await onto(['show', 'ZZZZ'], { ...full, as: 'stderr' })).toMatchObject({ code: 1 });
  });
});
