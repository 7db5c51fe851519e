import { expect, test } from 'vitest';
import { look } from '#service/look.ts';
import type { CommandOutcome } from '#service/service.ts';
import { ANSWERS, backendSeeing, exited, imagine, SPEC } from '../../support/imagined-service.ts';

const other = { kind: 'ours', text: '', isCurrent: false, executable: '/old/hephd' } as const;

test.each<[string, CommandOutcome, string | null]>([
  ['its word', exited(0, 'hephd 0.9 and more\n'), '0.9'],
  ['no word', exited(0, 'a hephd 0.9'), null],
  ['a failure', exited(1, 'hephd 0.9'), null],
  ['a program that has gone', { kind: 'missing' }, null],
])('another program than ours is asked for its version: %s', async (_, outcome, version) => {
  const { ports, did } = imagine({ probe: () => ANSWERS, run: () => outcome });
  const sighting = await look(SPEC, backendSeeing({ file: other }), ports);
  expect(sighting).toMatchObject({ probe: ANSWERS, installedVersion: version });
  expect(did).toEqual(['/old/hephd --version (5000 ms)']);
});

test.each([
  { kind: 'absent' },
  { ...other, executable: null },
  { ...other, isCurrent: true },
] as const)('and for %j nobody is', async (file) => {
  const { ports, did } = imagine();
  const { installedVersion } = await look(SPEC, backendSeeing({ file }), ports);
  expect(installedVersion).toBe('1');
  expect(did).toEqual([]);
});
