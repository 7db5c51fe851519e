import { describe, expect, test } from 'vitest';
import { defaultPaths } from '#config/paths.ts';
import { plan, type Situation, type Verb } from '#service/plan.ts';
import type { Activity, Observed, ProbeAnswer, UnitFile } from '#service/service.ts';

const WANTED = 'the unit as it should be';
const PID = 42;

const files: Record<string, UnitFile> = {
  none: { kind: 'absent' },
  current: { kind: 'ours', text: WANTED, isCurrent: true, executable: '/opt/hephd' },
  old: { kind: 'ours', text: 'older', isCurrent: false, executable: '/opt/hephd' },
};
const activities: Record<string, Activity> = {
  stopped: { state: 'stopped' },
  running: { state: 'running', pid: PID },
  respawning: { state: 'respawning' },
  failed: { state: 'failed' },
  idle: { state: 'idle' },
};
const ANSWERS: ProbeAnswer = { kind: 'answers', pid: PID, version: '1', startedAtMs: 0 };

function situation(
  file: string,
  activity: string,
  more: Partial<Observed> = {},
  probe?: ProbeAnswer,
): Situation {
  const isRunning = activity === 'running';
  return {
    spec: {
      name: 'heph.service',
      home: '/home/ada',
      uid: 1000,
      unitPath: '/home/ada/.config/systemd/user/heph.service',
      program: ['/opt/hephd'],
      paths: defaultPaths('/home/ada'),
      version: '1',
    },
    wanted: WANTED,
    observed: {
      file: files[file] ?? { kind: 'absent' },
      loaded: file !== 'none' || isRunning,
      enabled: file !== 'none',
      obstacle: null,
      complaint: null,
      source: null,
      overriddenBy: null,
      isStale: false,
      activity: activities[activity] ?? { state: 'stopped' },
      restarts: 0,
      lastExit: null,
      dropIns: [],
      ...more,
    },
    probe: probe ?? (isRunning ? ANSWERS : { kind: 'nobody' }),
  };
}

const words = (verb: Verb, of: Situation): string =>
  plan(verb, of)
    .map((step) => step.do)
    .join(' ');

const INSTALL = 'make-folder make-folder write-unit reload';
const RENEW_FILE = 'make-folder make-folder keep-copy write-unit reload';
const BEGIN = 'reset-failures start await-answer';
const RENEW = 'reset-failures announce-hand-over restart await-answer withdraw-hand-over';
const END = 'withdraw-hand-over stop await-gone';

describe('what each verb does in each state', () => {
  test.each<[Verb, string, string, string]>([
    ['start', 'none', 'stopped', `${INSTALL} enable ${BEGIN}`],
    ['start', 'current', 'stopped', BEGIN],
    ['start', 'old', 'stopped', `${RENEW_FILE} ${BEGIN}`],
    ['start', 'current', 'failed', BEGIN],
    ['start', 'current', 'respawning', BEGIN],
    ['start', 'current', 'running', ''],
    ['start', 'old', 'running', ''],
    ['start', 'none', 'running', `${INSTALL} enable`],
    ['restart', 'none', 'stopped', `${INSTALL} enable ${BEGIN}`],
    ['restart', 'current', 'stopped', BEGIN],
    ['restart', 'current', 'running', RENEW],
    ['restart', 'old', 'running', `${RENEW_FILE} ${RENEW}`],
    ['restart', 'none', 'running', `${INSTALL} enable ${RENEW}`],
    ['restart', 'current', 'failed', BEGIN],
    ['stop', 'none', 'stopped', ''],
    ['stop', 'current', 'stopped', ''],
    ['stop', 'current', 'running', END],
    ['stop', 'current', 'respawning', END],
    ['stop', 'none', 'running', END],
    ['stop', 'current', 'failed', ''],
    ['uninstall', 'none', 'stopped', ''],
    ['uninstall', 'current', 'stopped', 'await-gone disable remove-unit reload reset-failures'],
    ['uninstall', 'old', 'running', `${END} disable remove-unit reload reset-failures`],
    ['uninstall', 'none', 'running', `${END} disable reload reset-failures`],
  ])('%s, unit %s, %s', (verb, file, activity, expected) => {
    expect(words(verb, situation(file, activity))).toBe(expected);
  });

  test('start enables what is not, without touching the process', () => {
    expect(words('start', situation('current', 'running', { enabled: false }))).toBe('enable');
  });

  test('a unit that the manager has not reread is reread before the restart', () => {
    expect(words('restart', situation('current', 'running', { isStale: true }))).toBe(
      `reload ${RENEW}`,
    );
  });

  test('start on a process that says nothing waits for its answer', () => {
    expect(words('start', situation('current', 'running', {}, { kind: 'silent' }))).toBe(
      'await-answer',
    );
  });

  test('restart begins from nothing remembered where file or program are others', () => {
    const isAnew = (...args: Parameters<typeof situation>) =>
      plan('restart', situation(...args)).find((step) => step.do === 'restart');
    expect(isAnew('current', 'running')).toMatchObject({ isAnew: false });
    expect(isAnew('old', 'running')).toMatchObject({ isAnew: true });
    expect(isAnew('current', 'running', { isStale: true })).toMatchObject({ isAnew: true });
    const older: ProbeAnswer = { ...ANSWERS, version: '0.9' };
    expect(isAnew('current', 'running', {}, older)).toMatchObject({ isAnew: true });
  });

  test('what the manager holds without running it is let go by stop', () => {
    expect(words('stop', situation('current', 'idle'))).toBe(END);
    expect(words('start', situation('current', 'idle'))).toBe(BEGIN);
  });

  test('restart waits for another process than the old one', () => {
    const step = plan('restart', situation('current', 'running')).find(
      (each) => each.do === 'await-answer',
    );
    expect(step).toMatchObject({ notPid: PID });
  });
});

describe('what is not ours is refused', () => {
  const foreignFile = { file: { kind: 'foreign', what: 'a link to /dev/null', hint: '' } as const };

  test.each<Verb>(['start', 'restart', 'uninstall'])('%s over a foreign file', (verb) => {
    expect(() => plan(verb, situation('none', 'stopped', foreignFile))).toThrow(
      /^cannot manage .*a link to \/dev\/null$/,
    );
  });

  const masked = { obstacle: { kind: 'refused', why: 'it is masked', hint: 'unmask' } as const };

  test.each<Verb>(['start', 'restart'])('%s of what the manager would refuse', (verb) => {
    expect(() => plan(verb, situation('current', 'stopped', masked))).toThrow(
      `cannot ${verb} heph.service: it is masked`,
    );
  });

  test('what runs is not ended for a start that would be refused', () => {
    expect(words('start', situation('current', 'running', masked))).toBe('');
    expect(() => plan('restart', situation('current', 'running', masked))).toThrow(/masked/);
  });

  test.each<Verb>(['stop', 'uninstall'])('%s goes on, masked or not', (verb) => {
    expect(() => plan(verb, situation('current', 'running', masked))).not.toThrow();
  });

  test('stop ends what runs, whoever wrote the file', () => {
    expect(words('stop', situation('none', 'running', foreignFile))).toBe(END);
  });

  test.each<Verb>(['start', 'restart'])(
    '%s beside a daemon that no manager runs names its pid',
    (verb) => {
      expect(() => plan(verb, situation('none', 'stopped', {}, ANSWERS))).toThrow(/pid 42/);
    },
  );

  test("another pid than the manager's on the socket is foreign, too", () => {
    const other: ProbeAnswer = { ...ANSWERS, pid: 7 };
    expect(() => plan('start', situation('current', 'running', {}, other))).toThrow(/pid 7/);
  });
});
