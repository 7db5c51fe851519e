import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ChangeEvent } from '#protocol/history.ts';
import { startDaemon, type Daemon } from '../support/daemon.ts';
import { builds, hephOn, type Heph } from '../support/heph.ts';
import { Sandbox } from '../support/sandbox.ts';

/** How long to look for what must come, and how often. */
const SOON = { timeout: 40_000, interval: 20 };

/** What a daemon may take to be there, and to be gone, on a busy machine. */
const START_MS = 60_000;

vi.setConfig({ testTimeout: 240_000 });

describe.each(builds)('heph ($name) that waits and watches', (build) => {
  let cleanup: AsyncDisposableStack;
  let sandbox: Sandbox;
  let daemon: Daemon;
  let heph: Heph;
  beforeEach(async () => {
    cleanup = new AsyncDisposableStack();
    sandbox = cleanup.use(await Sandbox.make());
    await begin();
    heph = hephOn(daemon.socket, build);
  }, START_MS);
  afterEach(() => cleanup[Symbol.asyncDispose](), START_MS);

  async function begin(): Promise<void> {
    daemon = cleanup.use(await startDaemon({ folder: sandbox.path }));
  }

  /** End the daemon so, and start the next one. */
  async function again(signal: NodeJS.Signals): Promise<void> {
    await daemon.kill(signal);
    await begin();
  }

  async function file(title: string): Promise<string> {
    return (await heph(['task', title, '--json'])).json<{ node_id: string }>().node_id;
  }

  /** A command that goes on, and what it has printed. */
  function running(...args: string[]) {
    const [program, ...words] = build.command;
    const process = execa(program, [...words, ...args], {
      env: { HEPH_SOCKET: daemon.socket, HOME: '/nonexistent', TZ: 'UTC' },
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
    });
    let stdout = '';
    process.stdout.on('data', (chunk: Buffer) => void (stdout += chunk.toString()));
    cleanup.defer(() => void process.kill('SIGKILL'));
    return {
      process,
      seqs: () =>
        stdout
          .split('\n')
          .slice(0, -1)
          .map((line) => (JSON.parse(line) as ChangeEvent).seq),
      ended: process.then(({ exitCode, stdout: out, stderr }) => ({ code: exitCode, out, stderr })),
    };
  }

  /** That what was begun has connected, as the system tells; then it soon listens. */
  async function begun(count = 1): Promise<void> {
    const isConnected = new RegExp(` 03 +\\d+ ${sandbox.path}/`);
    const connections = () =>
      readFileSync('/proc/net/unix', 'utf8')
        .split('\n')
        .filter((line) => isConnected.test(line)).length;
    if (existsSync('/proc/net/unix')) await expect.poll(connections, SOON).toBe(count);
    else await sleep(3000);
    await sleep(500);
  }

  describe('wait', () => {
    test('ends when another client closes the task, and says how', async () => {
      const id = await file('Ring Jo');
      const [closed, dropped, json] = [
        running('wait', id),
        running('wait', id, '--state', 'dropped'),
        running('wait', id.slice(-8), '--json', '--timeout', '10m'),
      ];
      await begun(3);
      await heph(['edit', id, '--title', 'Ring Jo again']);
      await heph(['log', id, 'no answer']);
      expect((await heph(['done', id])).code).toBe(0);
      expect(await closed.ended).toMatchObject({ code: 0, out: `done ${id} Ring Jo again` });
      const { code, out } = await json.ended;
      expect(code).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ node_id: id, state: 'done' });
      expect(JSON.parse(out)).not.toHaveProperty('body');
      await heph(['undo']);
      await heph(['drop', id]);
      expect(await dropped.ended).toMatchObject({ code: 0, out: `dropped ${id} Ring Jo again` });
    });

    test('ends at once where the task is in that state already', async () => {
      const id = await file('Ring Jo');
      await heph(['drop', id]);
      expect(await running('wait', id).ended).toMatchObject({ code: 0 });
      expect(await running('wait', id, '--state', 'outstanding,dropped').ended).toMatchObject({
        code: 0,
      });
    });

    test('ends where the task is deleted, or comes to be', async () => {
      const id = await file('Ring Jo');
      const waiting = running('wait', id);
      await begun();
      await heph(['delete', id]);
      for (const { code, stderr } of [
        await waiting.ended,
        await running('wait', id, '--state', 'done').ended,
      ]) {
        expect(code).toBe(1);
        expect(stderr).toMatch(/^cannot go on with the task "Ring Jo": it is deleted/);
      }
      expect((await heph(['show', id])).stdout).toContain('outstanding, deleted');
    });

    test('gives up when its time is over', async () => {
      const id = await file('Ring Jo');
      const ran = await heph(['wait', id, '--timeout', '1s', '--json']);
      expect(ran.code).toBe(1);
      expect(ran.json()).toEqual({
        error: { code: 'timeout', message: 'cannot wait any longer: 1s are over', hint: null },
      });
    });

    test.each(['SIGTERM', 'SIGKILL'] as const)(
      'goes on with the next daemon, when this one is ended by %s',
      async (signal) => {
        const id = await file('Ring Jo');
        const waiting = running('wait', id);
        await begun();
        await again(signal);
        await heph(['done', id]);
        expect(await waiting.ended).toMatchObject({ code: 0, stderr: '' });
      },
    );

    test('hears what was done while no daemon was there to tell', async () => {
      const id = await file('Ring Jo');
      const waiting = running('wait', id);
      await begun();
      waiting.process.kill('SIGSTOP');
      await heph(['done', id]);
      await daemon.kill('SIGKILL');
      waiting.process.kill('SIGCONT');
      await begin();
      expect(await waiting.ended).toMatchObject({ code: 0 });
    });
  });

  describe('watch', () => {
    test('prints every change once, through a restart and a kill, and goes on where it is told', async () => {
      const watching = running('watch', '--since', '0');
      // One that is not there yet when hephd goes finds nobody, and does not wait.
      await begun();
      await file('One');
      await again('SIGTERM');
      await file('Two');
      await again('SIGKILL');
      await file('Three');
      const newest = (await heph(['history', '--json'])).json<{ changes: { seq: number }[] }[]>();
      const last = Math.max(...newest.flatMap(({ changes }) => changes.map(({ seq }) => seq)));
      await expect.poll(() => watching.seqs().at(-1), SOON).toBe(last);
      const all = Array.from({ length: last }, (_, i) => i + 1);
      expect(watching.seqs()).toEqual(all);
      const later = running('watch', '--since', '2');
      await expect.poll(() => later.seqs(), SOON).toEqual(all.slice(2));
    });

    test('does not keep hephd from leaving, though it is stopped', async () => {
      const watching = running('watch', '--since', '0');
      await file('Before');
      await expect.poll(() => watching.seqs().length, SOON).toBeGreaterThan(0);
      const before = watching.seqs().length;
      watching.process.kill('SIGSTOP');
      expect(await daemon.kill('SIGTERM')).toMatchObject({ code: 0 });
      await begin();
      watching.process.kill('SIGCONT');
      await file('After');
      await expect.poll(() => watching.seqs().length, SOON).toBeGreaterThan(before);
    });

    test('ends with the next change, when its reader has gone', async () => {
      const watching = running('watch', '--since', '0');
      await file('One');
      await expect.poll(() => watching.seqs().length, SOON).toBeGreaterThan(0);
      watching.process.stdout.destroy();
      await file('Two');
      expect(await watching.ended).toMatchObject({ code: 0, stderr: '' });
    });

    test('says that nobody is there, and does not wait for one', async () => {
      await daemon.kill('SIGTERM');
      expect(await heph(['watch'])).toMatchObject({ code: 3, stdout: '' });
    });
  });
});
