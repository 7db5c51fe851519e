import { expect, test } from 'vitest';
import type { Context } from '#cli/command.ts';
import { printStatus } from '#cli/print/service.ts';
import { statusOf, type Status } from '#service/status.ts';
import {
  ANSWERS,
  backendSeeing,
  imagine,
  OBSERVED,
  SPEC,
} from '../../../support/imagined-service.ts';

/** The lines on updates, of a daemon of which all else is well. */
async function linesOf(update: Partial<Status['update']>): Promise<string[]> {
  const sighting = { observed: OBSERVED, probe: ANSWERS, installedVersion: '1', isHeldBack: false };
  const { ports } = imagine({ links: { '/opt/hephd': '/opt/hephd' } });
  const status = await statusOf(sighting, SPEC, backendSeeing({}), ports);
  let text = '';
  const context = {
    isJson: false,
    print: (more: string) => (text += more),
    invocation: { env: {}, columns: null },
  } as unknown as Context;
  printStatus(context, { ...status, update: { ...status.update, ...update } });
  const lines = text.trimEnd().split('\n');
  return lines.slice(lines.findIndex((line) => line.startsWith('log ')) + 1);
}

test.each<[string, Partial<Status['update']>, string[]]>([
  ['nothing, to whom nothing of it has happened', {}, []],
  ['that it is on', { policy: 'on' }, ['update  on']],
  [
    'when it looked, and what came of it',
    { policy: 'on', last_check: '2026-11-25T09:12:44.103Z', last_result: '0.1.0 is the newest' },
    ['update  on, looked at 2026-11-25T09:12:44.103Z', '        0.1.0 is the newest'],
  ],
  [
    'what came of it after it was switched off, too',
    { last_result: 'gave 0.3.0 back: it did not answer in time' },
    ['update  off', '        gave 0.3.0 back: it did not answer in time'],
  ],
  [
    'what is going on, harmless to a terminal',
    { policy: 'on', pending: '0.2.0', last_result: 'a\u001b[2Jb' },
    ['update  on, going over to 0.2.0', '        a<1B>[2Jb'],
  ],
])('status says of updates: %s', async (_, update, lines) => {
  expect(await linesOf(update)).toEqual(lines);
});
