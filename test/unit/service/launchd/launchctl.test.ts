import { describe, expect, test } from 'vitest';
import { launchctlFailure, meaningOf, openLaunchctl } from '#service/launchd/launchctl.ts';
import { exited, imagine, SPEC } from '../../../support/imagined-service.ts';

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
    [0, 'Could not find domain for', 'ok'],
    [1, 'No such process', 'not-loaded'],
    [1, 'Operation already in progress', 'in-progress'],
    [1, 'service already exists', 'in-progress'],
    [1, 'service already bootstrapped', 'in-progress'],
    [1, 'Operation now in progress', 'in-progress'],
    [1, 'it is already there', 'failed'],
  ] as const)('%i %j: %s (A3, A4, A5, A7, A8)', (code, stderr, meaning) => {
    expect(meaningOf({ code, stderr })).toBe(meaning);
  });

  test('that there is no domain goes before any number (A5)', () => {
    const stderr = 'Could not find domain for user gui: 501';
    expect(meaningOf({ code: 113, stderr })).toBe('no-session');
    expect(meaningOf({ code: 5, stderr })).toBe('no-session');
  });
});

describe('what launchctl says comes with what to do', () => {
  const status = 'see: heph daemon status';
  test.each<[number, string, string, string]>([
    [1, ' no\nand more', 'no', status],
    [9, '', 'it ended with 9', status],
    [125, 'x', 'x', 'log in on the machine itself, or run it in the foreground: hephd'],
    [
      5,
      'x',
      'x',
      `hephd is not running; try again: heph daemon start; by hand: launchctl bootstrap gui/1000 ${SPEC.unitPath}`,
    ],
    [
      122,
      'x',
      'x',
      `launchd wants ${SPEC.unitPath} to be your own and writable by nobody else: chmod 644 it, then heph daemon start`,
    ],
    [
      119,
      'x',
      'x',
      'it is switched off in System Settings, Login Items: switch it on, then heph daemon start',
    ],
    [113, 'x', 'x', status],
  ])('%i %j', (code, stderr, said, hint) => {
    expect(launchctlFailure('start', SPEC, { code, stderr })).toMatchObject({
      kind: 'failed',
      message: `cannot start hephd: launchctl says: ${said}`,
      hint,
    });
  });
});

describe('a launchctl', () => {
  test('is given the words, and time to do it', async () => {
    const { ports, did } = imagine({ run: () => exited(3) });
    const launchctl = openLaunchctl(ports);
    expect(await launchctl('kickstart', '-k', 'x')).toEqual(exited(3));
    await launchctl('kickstart', 'x');
    expect(did).toEqual(['launchctl kickstart -k x (45000 ms)', 'launchctl kickstart x (5000 ms)']);
  });

  test('that is not there, or says nothing, is no manager', async () => {
    await expect(openLaunchctl(imagine().ports)('print')).rejects.toMatchObject({
      kind: 'unreachable',
      message: 'cannot manage hephd: this system has no launchctl',
      hint: 'to run it without a service manager: hephd',
    });
    const { ports } = imagine({ run: () => ({ kind: 'timeout', limitMs: 5000 }) });
    await expect(openLaunchctl(ports)('print', 'x')).rejects.toMatchObject({
      kind: 'unreachable',
      message: 'cannot get an answer from launchd: launchctl print took over 5 s',
      hint: 'try again; if that does not help, log out and in',
    });
  });
});
