import { describe, expect, test } from 'vitest';
import { meaningOf } from '#service/launchd/launchctl.ts';

describe('what a code and its words mean', () => {
  test.each([
    [0, '', 'ok'],
    [3, 'Boot-out failed: 3: No such process', 'not-loaded'],
    [113, 'Could not find service "x" in domain for user gui: 501', 'not-loaded'],
    [1, 'Could not find service "x"', 'not-loaded'],
    [5, 'Bootstrap failed: 5: Input/output error', 'in-progress'],
    [36, 'Boot-out failed: 36: Operation now in progress', 'in-progress'],
    [37, 'Operation already in progress', 'in-progress'],
    [130, '', 'in-progress'],
    [133, '', 'in-progress'],
    [1, 'service already loaded', 'in-progress'],
    [119, 'Service is disabled', 'disabled'],
    [122, 'Path had bad ownership/permissions', 'bad-file'],
    [112, 'Could not find domain for user gui: 501', 'no-session'],
    [125, 'Domain does not support specified action', 'no-session'],
    [126, 'deprecated', 'failed'],
    [140, 'Unrecognized target specifier.', 'failed'],
    [64, 'Usage: launchctl bootout', 'failed'],
  ] as const)('%i %j: %s (A3, A4, A5, A7, A8)', (code, stderr, meaning) => {
    expect(meaningOf({ code, stderr })).toBe(meaning);
  });

  test('that there is no domain goes before any number (A5)', () => {
    const stderr = 'Could not find domain for user gui: 501';
    expect(meaningOf({ code: 113, stderr })).toBe('no-session');
    expect(meaningOf({ code: 5, stderr })).toBe('no-session');
  });
});
