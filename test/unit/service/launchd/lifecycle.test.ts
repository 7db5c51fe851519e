import { describe, expect, test } from 'vitest';
import { bringUp, kick, takeDown } from '#service/launchd/lifecycle.ts';
import type { Loaded } from '#service/launchd/domains.ts';
import { ServiceError } from '#service/service.ts';
import {
  AGENT,
  GUI,
  imagineLaunchd,
  LOADED,
  NOT_LOADED,
  USER,
  type Answers,
} from '../../../support/imagined-launchd.ts';
import { exited } from '../../../support/imagined-service.ts';

const LOAD = `bootstrap gui/1000 ${AGENT.unitPath}`;
const KICK = `kickstart ${GUI}`;
const WAIT = 'sleep 100';
const BUSY = exited(5, '', 'Input/output error');

describe('what launchd lets go of is waited for', () => {
  const inGui: Loaded = { domain: 'gui', printed: { fields: {}, arguments: [] } };
  const inUser: Loaded = { ...inGui, domain: 'user' };

  async function down(loaded: Loaded[], answers: Answers): Promise<[boolean, string[]]> {
    const { launchctl, ports, changes } = imagineLaunchd(answers);
    return [await takeDown(loaded, launchctl, ports, AGENT), changes()];
  }

  test('until print no longer knows it', async () => {
    const leaving = { [`print ${GUI}`]: [LOADED, LOADED, NOT_LOADED] };
    expect(await down([inGui], leaving)).toEqual([true, [`bootout ${GUI}`, WAIT, WAIT]]);
  });

  test('in each domain', async () => {
    const leaving = { [`print ${USER}`]: [LOADED, NOT_LOADED] };
    const expected = [`bootout ${GUI}`, `bootout ${USER}`, WAIT];
    expect(await down([inGui, inUser], leaving)).toEqual([true, expected]);
  });

  test('and one in the other domain is none of it', async () => {
    expect(await down([inGui], { [`print ${USER}`]: LOADED })).toEqual([true, [`bootout ${GUI}`]]);
  });

  test('for as long as a daemon may take to leave', async () => {
    const [isLeaving, did] = await down([inGui], { [`print ${GUI}`]: LOADED });
    expect(isLeaving).toBe(true);
    expect(did).toHaveLength(1 + 40_000 / 100);
  });

  test('and where there is nothing, nothing is', async () => {
    const { launchctl, ports, did } = imagineLaunchd({});
    expect(await takeDown([], launchctl, ports, AGENT)).toBe(false);
    expect(did).toEqual([]);
  });
});

describe('it is loaded and started', () => {
  async function up(isLeaving: boolean, answers: Answers): Promise<string[]> {
    const { launchctl, ports, changes } = imagineLaunchd(answers);
    await bringUp(isLeaving, launchctl, ports, AGENT);
    return changes();
  }

  test.each<[string, boolean, Answers, string[]]>([
    ['at once', false, {}, [LOAD, KICK]],
    ['where it is loaded elsewhere', false, { [`print ${USER}`]: LOADED }, [LOAD, KICK]],
    ['where it is loaded already', false, { [`print ${GUI}`]: LOADED }, [KICK]],
    [
      'where it is loaded, and coming',
      false,
      { [`print ${GUI}`]: LOADED, kickstart: exited(37) },
      [KICK],
    ],
    [
      'while an older one leaves',
      true,
      { bootstrap: [BUSY, BUSY, exited(0)] },
      [LOAD, WAIT, LOAD, WAIT, LOAD, KICK],
    ],
    [
      'when another command was faster (A3)',
      false,
      { [`print ${GUI}`]: [NOT_LOADED, LOADED], bootstrap: BUSY },
      [LOAD, WAIT, KICK],
    ],
    [
      'when it was listed, and has gone',
      false,
      {
        [`print ${GUI}`]: [LOADED, NOT_LOADED],
        kickstart: [NOT_LOADED, exited(0)],
        bootstrap: [BUSY, BUSY, exited(0)],
      },
      [KICK, WAIT, LOAD, WAIT, LOAD, WAIT, LOAD, KICK],
    ],
  ])('%s', async (_, isLeaving, answers, expected) => {
    expect(await up(isLeaving, answers)).toEqual(expected);
  });

  test('what is refused twice without a reason is refused', async () => {
    const { launchctl, ports, changes } = imagineLaunchd({ bootstrap: BUSY });
    const failing = bringUp(false, launchctl, ports, AGENT);
    await expect(failing).rejects.toThrow('cannot start hephd: launchctl says: Input/output error');
    expect(changes()).toEqual([LOAD, WAIT, LOAD]);
  });

  test('what is loaded, and not to be started, is refused at once', async () => {
    const no = exited(64, '', 'no');
    const { launchctl, ports, changes } = imagineLaunchd({
      [`print ${GUI}`]: LOADED,
      kickstart: no,
    });
    await expect(bringUp(true, launchctl, ports, AGENT)).rejects.toThrow('launchctl says: no');
    expect(changes()).toEqual([KICK]);
  });

  test('what is not there, and not to be loaded, is refused at once', async () => {
    const { launchctl, ports, changes } = imagineLaunchd({ bootstrap: NOT_LOADED });
    const failing = bringUp(true, launchctl, ports, AGENT);
    await expect(failing).rejects.toThrow('launchctl says: Could not find service');
    expect(changes()).toEqual([LOAD]);
  });

  test('an older one that does not leave is named, with the command for later', async () => {
    const { launchctl, ports, changes } = imagineLaunchd({ bootstrap: BUSY });
    await expect(bringUp(true, launchctl, ports, AGENT)).rejects.toMatchObject({
      kind: 'failed',
      message:
        'cannot start hephd: launchd has been taking the one before down for 40 s, and takes no other meanwhile',
      hint: `hephd is not running; try again: heph daemon start; by hand: launchctl bootstrap gui/1000 ${AGENT.unitPath}`,
    });
    expect(changes().filter((words) => words === LOAD)).toHaveLength(40_000 / 100 + 2);
  });
});

describe('a kick', () => {
  test('that gets no answer counts as done: the daemon is asked', async () => {
    const { launchctl } = imagineLaunchd({ kickstart: { kind: 'timeout', limitMs: 1 } });
    expect(await kick(launchctl, AGENT)).toEqual(exited(0));
  });

  test('that cannot be given is a defect', async () => {
    const broken = () => Promise.reject(new Error('EMFILE'));
    await expect(kick(broken, AGENT)).rejects.toThrow('EMFILE');
    const refusing = () => Promise.reject(new ServiceError('failed', 'cannot'));
    await expect(kick(refusing, AGENT)).rejects.toThrow('cannot');
  });
});
