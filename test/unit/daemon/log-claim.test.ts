import type * as Fs from 'node:fs';
import { unlinkSync, writeFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { logFilesOf } from '#config/log-files.ts';
import { Claim } from '#daemon/log-claim.ts';
import { Sandbox } from '../../support/sandbox.ts';

/** Done as soon as a file was found to be there, before whoever asked looks again. */
const then = vi.hoisted(() => ({ once: null as (() => void) | null }));
vi.mock('node:fs', async (original) => {
  const real = await original<typeof Fs>();
  const openSync: typeof real.openSync = (...asked) => {
    try {
      return real.openSync(...asked);
    } catch (error) {
      then.once?.();
      throw error;
    }
  };
  return { ...real, openSync };
});

test('a claim that is let go while another asks for it is taken: that one leaves', async () => {
  await using sandbox = await Sandbox.make();
  const files = logFilesOf(sandbox.at('hephd.log'));
  writeFileSync(files.claim, '');
  then.once = () => unlinkSync(files.claim);
  expect(Claim.take(files)).toBeNull();
  then.once = null;
  using claim = Claim.take(files);
  expect(claim).not.toBeNull();
});
