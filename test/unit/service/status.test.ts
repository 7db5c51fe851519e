import { describe, expect, test } from 'vitest';
import { blindStatus, statusOf, type Status } from '#service/status.ts';
import type { Observed, ProbeAnswer } from '#service/service.ts';
import {
  ANSWERS,
  backendSeeing,
  imagine,
  OBSERVED,
  place,
  SPEC,
} from '../../support/imagined-service.ts';

const NO_UPDATE = { policy: 'off', last_check: null, last_result: null, pending: null };
const { socket, db, log } = SPEC.paths;
/** A second and a half before the imagined now. */
const answers: ProbeAnswer = { ...ANSWERS, startedAtMs: -500 };
const silent: ProbeAnswer = { kind: 'silent' };

async function status(
  observed: Partial<Observed>,
  probe: ProbeAnswer = answers,
  installedVersion: string | null = '1',
): Promise<Status> {
  const sighting = {
    observed: { ...OBSERVED, ...observed },
    probe,
    installedVersion,
    isHeldBack: false,
  };
  const { ports } = imagine({ links: { '/opt/hephd': '/opt/hephd' } });
  return statusOf(sighting, SPEC, backendSeeing({}), ports);
}

test('the whole of it, where all is well', async () => {
  expect(await status({ restarts: 3, lastExit: { code: 1, signal: null } })).toEqual({
    manager: 'systemd',
    installed: true,
    enabled: true,
    running: true,
    healthy: true,
    current: true,
    pid: 42,
    restarts: 3,
    uptime_s: 2,
    last_exit: { code: 1, signal: null },
    version: { running: '1', installed: '1' },
    unit: SPEC.unitPath,
    executable: '/opt/hephd',
    socket,
    db,
    log,
    linger: true,
    update: NO_UPDATE,
    hints: [],
  });
});

describe('five facts, kept apart', () => {
  const stopped: Partial<Observed> = { activity: { state: 'stopped' } };
  const old = { kind: 'ours', text: '', isCurrent: false, executable: null } as const;
  const foreign = { kind: 'foreign', what: '', hint: '' } as const;

  test.each<[string, Partial<Observed>, ProbeAnswer, Partial<Status>]>([
    ['absent', { file: { kind: 'absent' } }, answers, { installed: false, current: false }],
    ['foreign', { file: foreign }, answers, { installed: true, current: false }],
    ['old', { file: old }, answers, { installed: true, current: false, executable: '/opt/hephd' }],
    ['disabled', { enabled: false }, answers, { enabled: false, running: true }],
    ['silent', {}, silent, { running: true, healthy: false, current: false, uptime_s: null }],
    [
      'stopped: the file alone is judged',
      { ...stopped, isStale: true },
      { kind: 'nobody' },
      { running: false, healthy: false, current: true, pid: null },
    ],
    ['stale', { isStale: true }, answers, { healthy: true, current: false }],
    ['another version', {}, { ...answers, version: '0.9' }, { healthy: true, current: false }],
    ["another's pid", {}, { ...answers, pid: 7 }, { running: true, healthy: false, pid: 42 }],
    [
      'about to start, and somebody answers',
      { activity: { state: 'starting', pid: null } },
      answers,
      {
        running: false,
        healthy: false,
        uptime_s: null,
        version: { running: null, installed: '1' },
      },
    ],
    ['a clock put back', {}, { ...answers, startedAtMs: 5000 }, { uptime_s: 0 }],
  ])('%s', async (_, observed, probe, facts) => {
    expect(await status(observed, probe)).toMatchObject(facts);
  });

  test('the installed version is that of the unit’s program, where it says one', async () => {
    expect((await status({}, answers, '0.8')).version).toEqual({ running: '1', installed: '0.8' });
    expect((await status({}, answers, null)).version).toEqual({ running: '1', installed: '1' });
  });
});

describe('while the manager cannot be asked', () => {
  const why = { message: 'cannot reach it', hint: 'log in' };

  test('who answers is told, and what there is', async () => {
    const { ports } = imagine({
      probe: () => answers,
      stats: { [SPEC.unitPath]: place('file', 0o644) },
    });
    expect(await blindStatus(SPEC, why, ports)).toEqual({
      manager: null,
      installed: true,
      enabled: false,
      running: true,
      healthy: true,
      current: true,
      pid: 42,
      restarts: null,
      uptime_s: 2,
      last_exit: null,
      version: { running: '1', installed: '1' },
      unit: SPEC.unitPath,
      executable: '/opt/hephd',
      socket,
      db,
      log,
      linger: null,
      update: NO_UPDATE,
      hints: ['cannot reach it', 'log in'],
    });
  });

  test('and that nobody does', async () => {
    const { ports } = imagine();
    expect(await blindStatus(SPEC, { ...why, hint: null }, ports)).toMatchObject({
      installed: false,
      running: false,
      healthy: false,
      current: false,
      pid: null,
      uptime_s: null,
      version: { running: null, installed: '1' },
      hints: ['cannot reach it'],
    });
  });

  test('one of another version is not the current one', async () => {
    const { ports } = imagine({ probe: () => ({ ...answers, version: '0.9' }) });
    expect(await blindStatus(SPEC, why, ports)).toMatchObject({
      current: false,
      version: { running: '0.9' },
    });
  });
});
