import { expect, test } from 'vitest';
import { handOverUntil } from '#client/hand-over.ts';
import { handOverMs, trialLimitS } from '#update/probation.ts';
import { writeWhole } from '#update/whole-file.ts';
import { Sandbox } from '../../support/sandbox.ts';

test.each([
  [0, 20, 60_000],
  [1000, 24, 68_000],
  [60_000, 260, 115_000],
  [3_600_000, 9999, 115_000],
])(
  'rehearsed in %d ms, a try may take %d s, and clients wait %d ms',
  async (tookMs, limitS, ms) => {
    expect(trialLimitS(tookMs)).toBe(limitS);
    expect(handOverMs(limitS)).toBe(ms);
    await using sandbox = await Sandbox.make();
    const path = sandbox.at('hand-over.json');
    writeWhole(path, JSON.stringify({ until_ms: ms }));
    expect(handOverUntil(path, 0), 'and believe it').toBe(ms);
  },
);
