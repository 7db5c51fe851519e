import { describe, expect, test } from 'vitest';
import { defaultPaths } from '#config/paths.ts';
import { plan, type Situation, type Verb } from '#service/plan.ts';
import type { Activity, Observed, ProbeAnswer, UnitFile } from '#service/service.ts';

const WANTED = 'the unit as it should be';
const PID = 42;

const files: Record<string, UnitFile> = {
  none: { kind: 'absent' },
  open: { kind: 'ours', text: WANTED, isCurrent: false, executable: '/opt/hephd' },
  current: { kind: 'ours', text: WANTED, isCurrent: true, executable: '/opt/hephd' },
  old: { kind: 'ours', text: 'older', isCurrent: false, executable: '/opt/hephd' },
};
const activities: Record<string, Activity> = {
  stopped: { state: 'stopped' },
  running: { state: 'running', pid: PID },
  respawning: { state: 'respawning' },
  failed: { state: 'failed' },
  idle: { state: 'idle' },
  starting: { state: 'starting', pid: PID },
  stopping: { state: 'stopping', pid: null },
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
    isHeldBack: false,
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
    ['start', 'open', 'stopped', `${INSTALL} ${BEGIN}`],
    ['start', 'current', 'starting', 'await-answer'],
    ['start', 'current', 'stopping', BEGIN],
    ['start', 'current', 'idle', BEGIN],
    ['restart', 'none', 'stopped', `${INSTALL} enable ${BEGIN}`],
    ['restart', 'current', 'stopped', BEGIN],
    ['restart', 'current', 'running', RENEW],
    ['restart', 'old', 'running', `${RENEW_FILE} ${RENEW}`],
    ['restart', 'none', 'running', `${INSTALL} enable ${RENEW}`],
    ['restart', 'current', 'failed', BEGIN],
    ['restart', 'current', 'idle', BEGIN],
    ['restart', 'current', 'respawning', RENEW],
    ['restart', 'current', 'starting', RENEW],
    ['restart', 'current', 'stopping', RENEW],
    ['stop', 'none', 'stopped', ''],
    ['stop', 'current', 'stopped', ''],
    ['stop', 'current', 'running', END],
    ['stop', 'current', 'respawning', END],
    ['stop', 'current', 'starting', END],
    ['stop', 'current', 'stopping', END],
    ['stop', 'current', 'idle', END],
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
    const silent: ProbeAnswer = { kind: 'silent' };
    expect(words('start', situation('current', 'running', {}, silent))).toBe('await-answer');
    expect(words('start', situation('none', 'running', {}, silent))).toBe(
      `${INSTALL} enable await-answer`,
    );
  });

  test.each(['running', 'starting'])('start on one held back begins another: %s', (activity) => {
    const heldBack = {
      ...situation('current', activity, {}, { kind: 'nobody' }),
      isHeldBack: true,
    };
    expect(words('start', heldBack)).toBe(RENEW);
    expect(words('start', { ...heldBack, probe: ANSWERS })).toBe('');
  });

  test('restart begins from nothing remembered where file or program are others', () => {
    const isAnew = (...args: Parameters<typeof situation>) =>
      plan('restart', situation(...args)).find((step) => step.do === 'restart');
    expect(isAnew('current', 'running')).toMatchObject({ isAnew: false });
    expect(isAnew('old', 'running')).toMatchObject({ isAnew: true });
    expect(isAnew('current', 'running', { isStale: true })).toMatchObject({ isAnew: true });
    const older: ProbeAnswer = { ...ANSWERS, version: '0.9' };
    expect(isAnew('current', 'running', {}, older)).toMatchObject({ isAnew: true });
    expect(isAnew('current', 'running', {}, { kind: 'silent' })).toMatchObject({ isAnew: false });
  });

  test.each<[string, Partial<Observed>, string]>([
    ['known', { loaded: true }, 'await-gone disable reload reset-failures'],
    ['enabled', { enabled: true }, 'await-gone disable reload reset-failures'],
    ['neither', {}, ''],
  ])('uninstall of what has no file, and is %s to the manager', (_, more, expected) => {
    expect(words('uninstall', situation('none', 'stopped', more))).toBe(expected);
  });

  test.each<[Verb, string, string]>([
    ['start', 'current', 'running'],
    ['stop', 'current', 'stopped'],
    ['uninstall', 'none', 'stopped'],
  ])('%s, unit %s, %s, is an end state that holds already', (verb, file, activity) => {
    expect(plan(verb, situation(file, activity))).toEqual([]);
  });

  test('each step names what it is done to', () => {
    const of = situation('old', 'running', { enabled: false });
    const { unitPath, paths } = of.spec;
    const folder = '/home/ada/.config/systemd/user';
    expect(plan('restart', of)).toEqual([
      { do: 'make-folder', target: paths.dataDir },
      { do: 'make-folder', target: folder },
      { do: 'keep-copy', target: `${unitPath}.bak`, text: 'older' },
      { do: 'write-unit', target: unitPath, text: WANTED },
      { do: 'reload', target: 'heph.service' },
      { do: 'enable', target: 'heph.service' },
      { do: 'reset-failures', target: 'heph.service' },
      { do: 'announce-hand-over', target: paths.handOver },
      { do: 'restart', target: 'heph.service', isAnew: true },
      { do: 'await-answer', target: paths.socket, notPid: PID },
      { do: 'withdraw-hand-over', target: paths.handOver },
    ]);
    expect(plan('uninstall', of)).toEqual([
      { do: 'withdraw-hand-over', target: paths.handOver },
      { do: 'stop', target: 'heph.service' },
      { do: 'await-gone', target: paths.socket },
      { do: 'disable', target: 'heph.service' },
      { do: 'remove-unit', target: unitPath },
      { do: 'reload', target: 'heph.service' },
      { do: 'reset-failures', target: 'heph.service' },
    ]);
    expect(plan('start', situation('current', 'stopped'))).toEqual([
      { do: 'reset-failures', target: 'heph.service' },
      { do: 'start', target: 'heph.service' },
      { do: 'await-answer', target: paths.socket, notPid: null },
    ]);
  });

  test.each([
    ['running', PID],
    ['stopping', null],
    ['respawning', null],
  ])('restart waits for another process than the old one: %s', (activity, notPid) => {
    const step = plan('restart', situation('current', activity)).find(
      (each) => each.do === 'await-answer',
    );
    expect(step).toMatchObject({ notPid });
  });
});

describe('what is not ours is refused', () => {
  const refusal = (message: string, hint: string, kind = 'refused') =>
    expect.objectContaining({ kind, message, hint });
  const foreignFile = { file: { kind: 'foreign', what: 'a link', hint: 'move it' } as const };

  test.each<Verb>(['start', 'restart', 'uninstall'])('%s over a foreign file', (verb) => {
    const of = situation('none', 'stopped', foreignFile);
    expect(() => plan(verb, of)).toThrow(
      refusal(`cannot manage ${of.spec.unitPath}: it is a link`, 'move it'),
    );
  });

  const masked = { obstacle: { kind: 'refused', why: 'it is masked', hint: 'unmask' } as const };

  test.each<Verb>(['start', 'restart'])('%s of what the manager would refuse', (verb) => {
    expect(() => plan(verb, situation('current', 'stopped', masked))).toThrow(
      refusal(`cannot ${verb} heph.service: it is masked`, 'unmask'),
    );
  });

  test('a manager that has no place to run it is not one that refuses', () => {
    const away = {
      obstacle: { kind: 'unreachable', why: 'nobody is in', hint: 'log in' } as const,
    };
    expect(() => plan('start', situation('current', 'stopped', away))).toThrow(
      refusal('cannot start heph.service: nobody is in', 'log in', 'unreachable'),
    );
  });

  test('the file is refused before what it says, and that before who answers', () => {
    const all = situation('none', 'stopped', { ...foreignFile, ...masked }, ANSWERS);
    expect(() => plan('start', all)).toThrow(/it is a link$/);
    const rest = situation('current', 'stopped', masked, ANSWERS);
    expect(() => plan('start', rest)).toThrow(/it is masked$/);
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

  const other: ProbeAnswer = { ...ANSWERS, pid: 7 };
  const beside = (pid: number) =>
    refusal(
      `cannot start hephd: another one, pid ${pid}, which no service manager runs, answers on ${defaultPaths('/home/ada').socket}`,
      `stop that one first: kill ${pid}`,
    );

  test.each<[Verb, string]>([
    ['start', 'stopped'],
    ['restart', 'stopped'],
    ['start', 'failed'],
    ['start', 'idle'],
    ['start', 'running'],
    ['restart', 'running'],
  ])('%s of what is %s beside a daemon that no manager runs names its pid', (verb, activity) => {
    expect(() => plan(verb, situation('current', activity, {}, other))).toThrow(beside(7));
  });

  test.each(['starting', 'stopping', 'respawning'])(
    'while it is %s who answers may be its own: its pid may not be known yet',
    (activity) => {
      expect(() => plan('start', situation('current', activity, {}, other))).not.toThrow();
    },
  );

  test.each<Verb>(['stop', 'uninstall'])(
    '%s does not mind a daemon that no manager runs',
    (verb) => {
      expect(() => plan(verb, situation('current', 'stopped', {}, other))).not.toThrow();
    },
  );
});
