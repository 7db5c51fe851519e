import { describe, expect, test } from 'vitest';
import { hintsOf, type Circumstances } from '#service/hints.ts';
import type { Activity, Observed, ProbeAnswer } from '#service/service.ts';
import { ANSWERS, imagine, OBSERVED, SPEC, type Imagined } from '../../support/imagined-service.ts';

const UNIT = SPEC.unitPath;
const ABSENT = { kind: 'absent' } as const;
const WELL: Imagined = { links: { '/opt/hephd': '/opt/hephd' }, log: ['first', 'no such file'] };

async function hints(
  observed: Partial<Observed>,
  probe: ProbeAnswer = ANSWERS,
  {
    world = WELL,
    isHeldBack = false,
    ...more
  }: Partial<Circumstances> & { world?: Imagined; isHeldBack?: boolean } = {},
): Promise<string[]> {
  const circumstances = {
    sighting: { observed: { ...OBSERVED, ...observed }, probe, installedVersion: '1', isHeldBack },
    spec: SPEC,
    executable: '/opt/hephd',
    version: '1',
    linger: true,
    ...more,
  };
  return hintsOf(circumstances, imagine(world).ports);
}

const nobody: ProbeAnswer = { kind: 'nobody' };
const silent: ProbeAnswer = { kind: 'silent' };
const stopped: Activity = { state: 'stopped' };
const BACK = 'it comes back at the next login, or now with: heph daemon start';

test('where all is well there is nothing to say', async () => {
  expect(await hints({})).toEqual([]);
});

describe('about the file', () => {
  test.each<[string, Partial<Observed>, ProbeAnswer, string[]]>([
    [
      'foreign',
      { file: { kind: 'foreign', what: 'a link', hint: 'move it' } },
      ANSWERS,
      [`${UNIT} is a link: move it`],
    ],
    [
      'an obstacle',
      { obstacle: { kind: 'refused', why: 'it is masked', hint: 'unmask it' } },
      ANSWERS,
      ['it is masked: unmask it'],
    ],
    [
      'a complaint, which goes before what follows from it',
      { complaint: 'systemd cannot load it', enabled: false },
      ANSWERS,
      ['systemd cannot load it: heph daemon restart'],
    ],
    [
      'another one is read',
      { source: '/etc/x' },
      ANSWERS,
      [`the service manager reads /etc/x in place of ${UNIT}`],
    ],
    ['none is read', { source: null }, ANSWERS, []],
    [
      'gone under a running process',
      { file: ABSENT, source: '/etc/x' },
      ANSWERS,
      ['its unit has gone, and it will not come back at the next login: heph daemon start'],
    ],
    [
      'another text',
      { file: { kind: 'ours', text: '', isCurrent: false, executable: '/opt/hephd' } },
      ANSWERS,
      ['its unit is not what this heph would write: heph daemon restart'],
    ],
    [
      'a text that was not read again',
      { isStale: true },
      ANSWERS,
      ['its unit is not what this heph would write: heph daemon restart'],
    ],
    [
      'a drop-in that runs something else',
      { overriddenBy: '/bin/true', dropIns: ['/a.conf', '/b.conf'] },
      ANSWERS,
      [
        'a drop-in has it run /bin/true, which heph did not write',
        'these files change it, and are yours: /a.conf, /b.conf',
      ],
    ],
    ['switched off', { enabled: false }, ANSWERS, ['it does not come at login: heph daemon start']],
    [
      'not there',
      { file: ABSENT, enabled: false, isStale: true, activity: stopped },
      nobody,
      ['install and start it with: heph daemon start'],
    ],
    [
      'not there, and failed',
      { file: ABSENT, activity: { state: 'idle' } },
      nobody,
      ['the manager has it, and does not run it: heph daemon start'],
    ],
    ['not there, and somebody listens', { file: ABSENT, activity: stopped }, silent, []],
  ])('%s', async (_, observed, probe, expected) => {
    expect(await hints(observed, probe)).toEqual(expected);
  });

  test('its program has gone', async () => {
    const gone = '/opt/hephd has gone, and the next start will fail: heph daemon restart';
    expect(await hints({}, ANSWERS, { world: {} })).toEqual([gone]);
    expect(await hints({ file: ABSENT }, ANSWERS, { world: {} })).not.toContain(gone);
  });
});

describe('about the process', () => {
  const LOG = 'no such file; see heph daemon logs';
  const ended = { code: 3, signal: null };

  test.each<[string, Partial<Observed>, ProbeAnswer, string[]]>([
    ['silent', {}, silent, ['it runs but does not answer: heph daemon restart']],
    [
      'somebody else’s',
      { activity: stopped },
      ANSWERS,
      ['another hephd, pid 42, answers on the socket: kill 42, then heph daemon start'],
    ],
    [
      'ending again and again',
      { activity: { state: 'respawning' }, lastExit: ended },
      nobody,
      [`it keeps ending (exit code 3), and the manager keeps starting it: ${LOG}`],
    ],
    [
      'failed',
      { activity: { state: 'failed' }, lastExit: { code: null, signal: 'SIGKILL' } },
      nobody,
      [`it failed (SIGKILL), and the manager has given up: ${LOG}, then heph daemon start`],
    ],
    [
      'failed, nobody knows how',
      { activity: { state: 'failed' } },
      nobody,
      [`it failed, and the manager has given up: ${LOG}, then heph daemon start`],
    ],
    [
      'idle',
      { activity: { state: 'idle' }, lastExit: ended },
      nobody,
      ['the manager has it, and does not run it (exit code 3): heph daemon start'],
    ],
    ['stopped', { activity: stopped }, nobody, [BACK]],
    ['coming', { activity: { state: 'starting', pid: null } }, nobody, []],
  ])('%s', async (_, observed, probe, expected) => {
    expect(await hints(observed, probe)).toEqual(expected);
  });

  test('held back until it may fail again: the log says why', async () => {
    const held = { isHeldBack: true };
    expect(await hints({}, silent, held)).toEqual([
      `it waits before it fails again: ${LOG}, then heph daemon start`,
    ]);
    expect(await hints({}, ANSWERS, held)).toEqual([]);
  });

  test('one that said nothing at all has no last words', async () => {
    const { links = {} } = WELL;
    const failed: Partial<Observed> = { activity: { state: 'failed' } };
    expect(await hints(failed, nobody, { world: { links } })).toEqual([
      'it failed, and the manager has given up; see heph daemon logs, then heph daemon start',
    ]);
  });

  test('of another version, or of one that it does not say', async () => {
    expect(await hints({}, ANSWERS, { version: '0.9' })).toEqual([
      'running 0.9, installed 1: heph daemon restart',
    ]);
    expect(await hints({}, ANSWERS, { version: null })).toEqual([]);
  });
});

test('that it ends with the last logout is told of an installed one', async () => {
  const ends = 'it ends when you log out for the last time; to keep it: loginctl enable-linger';
  expect(await hints({}, ANSWERS, { linger: false })).toEqual([ends]);
  expect(await hints({}, ANSWERS, { linger: null })).toEqual([]);
  expect(await hints({ file: ABSENT }, ANSWERS, { linger: false })).not.toContain(ends);
});
