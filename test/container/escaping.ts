import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { defaultPaths } from '#config/paths.ts';
import { VERSION } from '#protocol/version.ts';
import type { ServiceSpec } from '#service/service.ts';
import { systemdBackend } from '#service/systemd/backend.ts';
import { fileName, word } from '../support/odd-words.ts';
import { openAgent, prepareForService, type Agent } from '../support/target-service.ts';
import { missingEngine, Target, type TargetUser } from '../support/target.ts';

/** Says its own words, each with a nul after it, and stays. */
const ECHO = '#!/bin/sh\nprintf "%s\\0" "$0" "$@"\nexec sleep 600\n';

/** Any home and any command line; and the characters that systemd gives a meaning to, at the beginning. */
const oddSpec = fc.record({
  home: fileName,
  program: fileName,
  args: fc.array(
    fc.oneof(
      word,
      word.map((text) => `-${text}`),
    ),
    { maxLength: 5 },
  ),
});
type OddSpec = typeof oddSpec extends fc.Arbitrary<infer T> ? T : never;

/** How many units a systemd is given at once. */
const UNITS = 40;

/**
 * What a unit says is what runs: units for random homes and command lines are
 * read and started by the real systemd, and each process tells what it was given.
 */
export async function escapingOn(name: string): Promise<void> {
  const missing = await missingEngine();
  let target: Target;
  let user: TargetUser;
  let agent: Agent;
  beforeEach((context) => context.skip(missing !== undefined, missing));
  beforeAll(async () => {
    if (missing !== undefined) return;
    target = await Target.start(name);
    await prepareForService(target);
    user = target.user;
    agent = await openAgent(target, user);
  });
  afterAll(async () => {
    if (missing === undefined) await target[Symbol.asyncDispose]();
  });

  let rounds = 0;
  test(`what a unit says is what the systemd of ${name} runs, whatever is in it (C7)`, async () => {
    const units = fc.array(oddSpec, { minLength: UNITS, maxLength: UNITS });
    // Not shrunk: the first that differs is shown, and what differs about it.
    const once = { numRuns: 1, endOnFailure: true };
    await fc.assert(
      fc.asyncProperty(units, async (odd) => runAll(odd, ++rounds)),
      once,
    );
  });

  async function runAll(odd: readonly OddSpec[], round: number): Promise<void> {
    const { files } = agent.ports;
    const backend = systemdBackend(agent.ports);
    const specs = odd.map((one, i) => specOf(one, `esc-${round}-${i}.service`, user));
    for (const spec of specs) {
      await files.makeFolder(spec.paths.dataDir, 0o700);
      await files.write(spec.program[0] ?? '', ECHO, 0o755);
      await files.makeFolder(`${user.home}/.config/systemd/user`, 0o755);
      await files.write(spec.unitPath, backend.render(spec), 0o644);
    }
    const names = specs.map((spec) => spec.name);
    const unitPaths = specs.map((spec) => spec.unitPath);
    expect(await say('systemd-analyze', '--user', 'verify', ...unitPaths)).not.toMatch(/esc-/);
    await say('systemctl', '--user', 'daemon-reload');
    await say('systemctl', '--user', 'start', ...names);
    for (const spec of specs) {
      const words = `${spec.program.join('\0')}\0`;
      await expect
        .poll(() => logOf(spec), { timeout: 10_000, message: JSON.stringify(spec.program) })
        .toBe(words);
      expect(await backend.observe(spec), JSON.stringify(spec.program)).toMatchObject({
        activity: { state: 'running' },
        file: { kind: 'ours', isCurrent: true },
        overriddenBy: null,
        complaint: null,
      });
    }
    await say('systemctl', '--user', 'stop', ...names);
  }

  async function logOf(spec: ServiceSpec): Promise<string> {
    const entry = await agent.ports.files.entry(spec.paths.log);
    return entry.kind === 'file' ? entry.text : entry.kind;
  }

  /** @returns all that it printed. */
  async function say(program: string, ...args: string[]): Promise<string> {
    const outcome = await agent.ports.run(program, args, {
      limitMs: 120_000,
      env: { LC_ALL: 'C' },
    });
    if (outcome.kind !== 'exited') throw new Error(`${program}: ${outcome.kind}`);
    return outcome.stdout + outcome.stderr;
  }
}

function specOf({ home, program, args }: OddSpec, name: string, user: TargetUser): ServiceSpec {
  const folder = `${user.home}/${name}/${home}`;
  const paths = defaultPaths(folder);
  return {
    name,
    home: folder,
    uid: user.uid,
    unitPath: `${user.home}/.config/systemd/user/${name}`,
    program: [`${paths.dataDir}/${program}`, ...args],
    paths,
    version: VERSION,
  };
}
