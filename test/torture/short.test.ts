import { beforeEach, describe, expect, test } from 'vitest';
import { Sandbox } from '../support/sandbox.ts';
import { notPreloaded } from './preloaded.ts';
import { Random } from './random.ts';
import { TRIALS } from './trials.ts';

/** A short round of each trial, the same every time; `npm run torture` has the long ones. */
const SEED = 1;
const SCALE = 0.5;

describe.each(TRIALS)('$name', ({ claim, run, isForLinux }) => {
  beforeEach((context) => context.skip(isForLinux && notPreloaded !== null, notPreloaded ?? ''));

  test(claim, { timeout: 300_000 }, async () => {
    await using sandbox = await Sandbox.make();
    const counts = await run(new Random(SEED), sandbox.path, SCALE);
    // A trial that did nothing proves nothing.
    for (const count of Object.values(counts)) expect(count).toBeGreaterThanOrEqual(0);
    expect(Math.max(...Object.values(counts))).toBeGreaterThan(2);
  });
});
