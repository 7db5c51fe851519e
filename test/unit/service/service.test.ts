import { expect, test } from 'vitest';
import { isManagerStep, ServiceError, type Step } from '#service/service.ts';

test.each<[Step['do'], boolean]>([
  ['reload', true],
  ['enable', true],
  ['disable', true],
  ['reset-failures', true],
  ['start', true],
  ['restart', true],
  ['stop', true],
  ['make-folder', false],
  ['keep-copy', false],
  ['write-unit', false],
  ['remove-unit', false],
  ['announce-hand-over', false],
  ['withdraw-hand-over', false],
  ['await-answer', false],
  ['await-gone', false],
])('%s is a step that only a manager can take: %s', (word, expected) => {
  expect(isManagerStep({ do: word, target: '' } as Step)).toBe(expected);
});

test('an error says what kind it is, and why', () => {
  const cause = new Error('why');
  const error = new ServiceError('failed', 'cannot', null, { cause });
  expect(error).toMatchObject({ name: 'ServiceError', kind: 'failed', message: 'cannot', cause });
  expect(new ServiceError('failed', 'cannot').hint).toBeNull();
});
