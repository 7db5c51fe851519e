import { describe, expect, test } from 'vitest';
import { launchdBackend } from '#service/launchd/backend.ts';
import { renderPlist } from '#service/launchd/plist.ts';
import type { CommandOutcome, ManagerStep, Observed, PathEntry } from '#service/service.ts';
import {
  AGENT as spec,
  GUI,
  imagineLaunchd,
  LOADED,
  NO_DOMAIN,
  NOT_LOADED,
  USER,
  type Answers,
} from '../../../support/imagined-launchd.ts';
import { exited, place, type Imagined } from '../../../support/imagined-service.ts';

const LABEL = spec.name;
const OLD = exited(0, '\tstate = running\n\tpid = 42\n\texit timeout = 5\n');

function launchd(answers: Answers, imagined: Imagined = {}) {
  return launchdBackend(imagineLaunchd(answers, imagined).ports);
}

async function perform(step: ManagerStep, answers: Answers): Promise<string[]> {
  const { ports, changes } = imagineLaunchd(answers);
  await launchdBackend(ports).perform(step, spec);
  return changes();
}

const start: ManagerStep = { do: 'start', target: '' };
const restart: ManagerStep = { do: 'restart', target: '', isAnew: false };
const restartAnew: ManagerStep = { do: 'restart', target: '', isAnew: true };
const stop: ManagerStep = { do: 'stop', target: '' };

const ENABLE = `enable ${GUI}`;
const LOAD = `bootstrap gui/1000 ${spec.unitPath}`;
const KICK = `kickstart ${GUI}`;
const KILL = `launchctl kickstart -k ${GUI} (45000 ms)`;
const OUT = `bootout ${GUI}`;
const gone = [LOADED, NOT_LOADED];

describe('a step is these commands, in this order', () => {
  test.each<[string, ManagerStep, Answers, string[]]>([
    ['enable', { do: 'enable', target: '' }, {}, [ENABLE]],
    ['forget', { do: 'reset-failures', target: '' }, {}, [`remove ${spec.paths.gaveUp}`]],
    ['start what is not loaded', start, {}, [ENABLE, LOAD, KICK]],
    ['start what is loaded', start, { [`print ${GUI}`]: LOADED }, [ENABLE, KICK]],
    [
      'start what is old',
      start,
      { [`print ${GUI}`]: [OLD, NOT_LOADED] },
      [ENABLE, OUT, LOAD, KICK],
    ],
    [
      'start what is loaded elsewhere',
      start,
      { [`print ${USER}`]: gone },
      [ENABLE, `bootout ${USER}`, LOAD, KICK],
    ],
    ['restart what is the same', restart, { [`print ${GUI}`]: LOADED }, [ENABLE, KILL]],
    [
      'restart what is coming',
      restart,
      { [`print ${GUI}`]: LOADED, 'kickstart -k': exited(37) },
      [ENABLE, KILL],
    ],
    [
      'restart what cannot be killed',
      restart,
      { [`print ${GUI}`]: gone, 'kickstart -k': NOT_LOADED },
      [ENABLE, KILL, OUT, LOAD, KICK],
    ],
    [
      'restart from another text',
      restartAnew,
      { [`print ${GUI}`]: gone },
      [ENABLE, OUT, LOAD, KICK],
    ],
    [
      'restart what is old',
      restart,
      { [`print ${GUI}`]: [OLD, NOT_LOADED] },
      [ENABLE, OUT, LOAD, KICK],
    ],
    [
      'restart what is loaded elsewhere',
      restart,
      { [`print ${USER}`]: gone },
      [ENABLE, `bootout ${USER}`, LOAD, KICK],
    ],
    [
      'restart what is loaded twice',
      restart,
      { [`print ${GUI}`]: gone, [`print ${USER}`]: gone },
      [ENABLE, OUT, `bootout ${USER}`, LOAD, KICK],
    ],
    ['restart what is not loaded', restart, {}, [ENABLE, LOAD, KICK]],
    ['stop', stop, { [`print ${GUI}`]: LOADED }, [OUT]],
    ['stop what is loaded elsewhere', stop, { [`print ${USER}`]: LOADED }, [`bootout ${USER}`]],
    ['stop what is not loaded', stop, {}, []],
    ['stop what is going (A4)', stop, { [`print ${GUI}`]: LOADED, bootout: exited(36) }, [OUT]],
  ])('%s', async (_, step, answers, expected) => {
    expect(await perform(step, answers)).toEqual(expected);
  });

  test.each(['reload', 'disable'] as const)('there is no %s', async (word) => {
    const backend = launchd({});
    expect(backend.takes(word)).toBe(false);
    await expect(backend.perform({ do: word, target: '' }, spec)).rejects.toThrow(
      `launchd has no ${word}`,
    );
  });

  test.each(['enable', 'reset-failures', 'start', 'restart', 'stop'] as const)(
    'it takes %s',
    (word) => {
      expect(launchd({}).takes(word)).toBe(true);
    },
  );
});

describe('what launchd refuses is said', () => {
  const no = exited(64, '', 'no\nand more');
  test.each<[ManagerStep, Answers, string]>([
    [{ do: 'enable', target: '' }, { enable: no }, 'cannot enable hephd: launchctl says: no'],
    [start, { enable: no }, 'cannot enable hephd: launchctl says: no'],
    [restart, { enable: no }, 'cannot enable hephd: launchctl says: no'],
    [stop, { [`print ${GUI}`]: LOADED, bootout: no }, 'cannot stop hephd: launchctl says: no'],
    [
      restartAnew,
      { [`print ${GUI}`]: LOADED, bootout: no },
      'cannot stop hephd: launchctl says: no',
    ],
    [start, { bootstrap: no }, 'cannot start hephd: launchctl says: no'],
    [start, { [`print ${GUI}`]: no }, 'cannot look at hephd: launchctl says: no'],
  ])('%j %j', async (step, answers, message) => {
    await expect(perform(step, answers)).rejects.toMatchObject({
      kind: 'failed',
      message,
      hint: 'see: heph daemon status',
    });
  });
});

describe('what there is', () => {
  const file: PathEntry = { kind: 'file', text: renderPlist(spec), mode: 0o644, uid: 1000 };

  async function observe(answers: Answers, entry: PathEntry = file): Promise<Observed> {
    return launchd(answers, { entries: { [spec.unitPath]: entry } }).observe(spec);
  }

  const nothing = {
    loaded: false,
    enabled: true,
    obstacle: null,
    complaint: null,
    source: null,
    isStale: false,
    overriddenBy: null,
    activity: { state: 'stopped' },
    restarts: null,
    lastExit: null,
    dropIns: [],
  };

  test('not loaded', async () => {
    expect(await observe({})).toEqual({
      ...nothing,
      file: { kind: 'ours', text: renderPlist(spec), isCurrent: true, executable: '/opt/hephd' },
    });
  });

  test('no file', async () => {
    expect(await observe({}, { kind: 'absent' })).toEqual({
      ...nothing,
      file: { kind: 'absent' },
      enabled: false,
    });
  });

  test.each([`print ${GUI}`, `print ${USER}`])('loaded, as %s says', async (words) => {
    const said = `\tpath = ${spec.unitPath}\n\tstate = not running\n\truns = 3\n\tlast exit code = 1\n`;
    expect(await observe({ [words]: exited(0, said) })).toMatchObject({
      loaded: true,
      source: spec.unitPath,
      isStale: false,
      activity: { state: 'idle' },
      restarts: 2,
      lastExit: { code: 1, signal: null },
    });
  });

  test.each<[string, Answers, boolean]>([
    ['in the session', { [`print ${GUI}`]: OLD }, true],
    ['elsewhere', { [`print ${GUI}`]: LOADED, [`print ${USER}`]: OLD }, true],
    ['nowhere', { [`print ${GUI}`]: LOADED }, false],
  ])('an older text remembered %s', async (_, answers, isStale) => {
    expect((await observe(answers)).isStale).toBe(isStale);
  });

  test('a text remembered as it is wanted', async () => {
    const log = spec.paths.log;
    const said = `\tstdout path = ${log}\n\tstderr path = ${log}\n\texit timeout = 30\n\tminimum runtime = 5\n`;
    const words = '\targuments = {\n\t\t/opt/hephd\n\t\t--mode\n\t\tlocal\n\t}\n';
    const seen = await observe({ [`print ${GUI}`]: exited(0, `${said}${words}`) });
    expect(seen).toMatchObject({ loaded: true, isStale: false });
  });

  test.each<[string, CommandOutcome]>([
    ['no domain', NO_DOMAIN],
    ['an error of the system', exited(5, '', 'Input/output error')],
  ])('no session: %s (A7)', async (_, answer) => {
    expect((await observe({ [`print ${GUI}`]: answer })).obstacle).toEqual({
      kind: 'unreachable',
      why: 'nobody is logged in at the screen, and launchd runs it in that session',
      hint: 'log in there (screen sharing will do), or run it in the foreground: hephd',
    });
  });

  test('that the other domain is not there is no matter', async () => {
    expect((await observe({ [`print ${USER}`]: NO_DOMAIN })).obstacle).toBeNull();
  });

  const off = (line: string) =>
    exited(0, `disabled services = {\n\t\t"x" => disabled\n${line}\n}\n`);
  test.each<[string, boolean]>([
    [`\t\t"${LABEL}" => disabled`, true],
    [`\t\t"${LABEL}" => true`, true],
    [`\t\t"${LABEL}" => enabled`, false],
    [`\t\t"${LABEL}" => false`, false],
    [`\t\t"${LABEL}" => disabled by nobody`, false],
    [`\t\t"${LABEL}2" => disabled`, false],
    [`\t\tnot "${LABEL}" => disabled`, false],
  ])('%j: switched off, %s (A6)', async (line, isOff) => {
    const seen = await observe({ 'print-disabled gui/1000': off(line) });
    const complaint = isOff ? 'it is switched off (System Settings, Login Items)' : null;
    expect(seen).toMatchObject({ enabled: !isOff, complaint });
  });

  test('without a session the other domain is asked for that', async () => {
    const answers = { [`print ${GUI}`]: NO_DOMAIN, 'print-disabled gui/1000': NO_DOMAIN };
    const line = `\t"${LABEL}" => disabled`;
    const seen = await observe({ ...answers, 'print-disabled user/1000': off(line) });
    expect(seen.enabled).toBe(false);
  });

  test('what nobody knows is not taken for an answer', async () => {
    const failing = observe({ 'print-disabled': exited(64, '', 'Usage') });
    await expect(failing).rejects.toThrow('cannot look at hephd: launchctl says: Usage');
  });
});

test.each([
  ['/Library/LaunchAgents', `/Library/LaunchAgents/${LABEL}.plist`],
  ['/Library/LaunchDaemons', `/Library/LaunchDaemons/${LABEL}.plist`],
  ['/System', null],
])('one for everybody in %s', async (folder, expected) => {
  const stats = { [`${folder}/${LABEL}.plist`]: place('file', 0o644) };
  expect(await launchd({}, { stats }).systemWide(spec)).toBe(expected);
});

test.each([
  [LABEL, true],
  ['0', false],
])('a process of %s is part of it: %s (C13)', async (label, isInside) => {
  const env = { XPC_SERVICE_NAME: label };
  expect(await launchd({}, { env }).isInside(spec)).toBe(isInside);
});

test('launchd knows no lingering', async () => {
  expect(await launchd({}).linger(spec)).toBeNull();
});
