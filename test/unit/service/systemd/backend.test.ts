import { describe, expect, test } from 'vitest';
import { MARKER } from '#service/ownership.ts';
import type { CommandOutcome, Observed, PathEntry, ServiceSpec, Step } from '#service/service.ts';
import { systemdBackend } from '#service/systemd/backend.ts';
import { PROPERTIES } from '#service/systemd/show.ts';
import { renderUnit } from '#service/systemd/unit.ts';
import { exited, imagine, SPEC, type Imagined } from '../../../support/imagined-service.ts';

const CALL = 'systemctl --user --no-pager --no-ask-password';
const ASK = `show ${PROPERTIES.map((name) => `-p ${name}`).join(' ')} heph.service`;
const UNIT = SPEC.unitPath;
const current: PathEntry = { kind: 'file', text: renderUnit(SPEC), mode: 0o644, uid: 1000 };

const isPerformed = (step: Step) =>
  step as Parameters<ReturnType<typeof systemdBackend>['perform']>[0];

/** Every command it took, with its time limit, without what all have. */
async function perform(step: Step, imagined: Imagined = {}): Promise<string[]> {
  const { ports, did } = imagine({ run: () => exited(0), ...imagined });
  await systemdBackend(ports).perform(isPerformed(step), SPEC);
  return did.map((words) => words.replace(`${CALL} `, ''));
}

describe('a step is these commands, and no others', () => {
  test.each<[Step, string[]]>([
    [{ do: 'reload', target: '' }, ['daemon-reload (20000 ms)']],
    [{ do: 'enable', target: '' }, ['enable heph.service (20000 ms)']],
    [{ do: 'disable', target: '' }, ['disable heph.service (20000 ms)']],
    [{ do: 'reset-failures', target: '' }, ['reset-failed heph.service (5000 ms)']],
    [{ do: 'start', target: '' }, ['start heph.service (60000 ms)']],
    [{ do: 'restart', target: '', isAnew: false }, ['restart heph.service (60000 ms)']],
    [{ do: 'stop', target: '' }, ['stop heph.service (60000 ms)']],
  ])('%j', async (step, expected) => {
    expect(await perform(step)).toEqual(expected);
  });

  test('there is none that it leaves out', () => {
    expect(systemdBackend(imagine().ports).takes('disable')).toBe(true);
  });

  const gone = exited(5, '', 'Failed to stop heph.service: Unit heph.service not loaded.');
  test.each<Step>([
    { do: 'disable', target: '' },
    { do: 'reset-failures', target: '' },
    { do: 'stop', target: '' },
  ])('%j of what is not there is done', async (step) => {
    expect(await perform(step, { run: () => gone })).toHaveLength(1);
    const refused = perform(step, { run: () => exited(1, '', 'Access denied') });
    await expect(refused).rejects.toThrow('Access denied');
  });

  test.each<Step>([
    { do: 'reload', target: '' },
    { do: 'enable', target: '' },
    { do: 'start', target: '' },
    { do: 'restart', target: '', isAnew: true },
  ])('%j of what is not there is a failure', async (step) => {
    await expect(perform(step, { run: () => gone })).rejects.toThrow('not loaded');
  });
});

describe('after a reload the manager has to have read our file (C14)', () => {
  const reload: Step = { do: 'reload', target: '' };
  const reading = (source: string | null, links: Record<string, string>) =>
    perform(reload, {
      links,
      run: () => exited(0, source === null ? '' : `FragmentPath=${source}\n`),
    });

  test.each([
    ['it did', UNIT, { [UNIT]: '/real' }],
    ['by another path', '/link', { [UNIT]: '/real', '/link': '/real' }],
  ])('%s', async (_, source, links) => {
    expect(await reading(source, links)).toEqual(['daemon-reload (20000 ms)', `${ASK} (5000 ms)`]);
  });

  test('nothing is asked where there is no file', async () => {
    expect(await reading('/etc/x', {})).toEqual(['daemon-reload (20000 ms)']);
  });

  test.each([
    ['reads /etc/x in its place', '/etc/x', { [UNIT]: '/real', '/etc/x': '/etc/x' }],
    ['does not see it', '', { [UNIT]: '/real', '': '/real' }],
    ['does not see it', null, { [UNIT]: '/real' }],
  ])('%s', async (what, source, links) => {
    await expect(reading(source, links)).rejects.toMatchObject({
      kind: 'failed',
      message: `cannot manage heph.service: ${UNIT} is written, and your systemd user manager ${what}`,
      hint: 'see: systemctl --user show -p UnitPath, and XDG_CONFIG_HOME in: systemctl --user show-environment',
    });
  });
});

describe('what systemd says', () => {
  async function observe(
    said: string,
    entry: PathEntry = current,
    spec: ServiceSpec = SPEC,
  ): Promise<Observed> {
    const { ports } = imagine({ entries: { [UNIT]: entry }, run: () => exited(0, said) });
    return systemdBackend(ports).observe(spec);
  }

  test('of a service that runs', async () => {
    const said = `LoadState=loaded
ActiveState=active
UnitFileState=enabled
FragmentPath=${UNIT}
DropInPaths=/a.conf /b.conf
NeedDaemonReload=no
ExecStart={ path=/opt/hephd ; argv[]=/opt/hephd --mode local ; ignore_errors=no }
MainPID=42
NRestarts=3
ExecMainCode=0
ExecMainStatus=0
`;
    expect(await observe(said)).toEqual({
      file: { kind: 'ours', text: renderUnit(SPEC), isCurrent: true, executable: '/opt/hephd' },
      loaded: true,
      enabled: true,
      obstacle: null,
      complaint: null,
      source: UNIT,
      isStale: false,
      overriddenBy: null,
      activity: { state: 'running', pid: 42 },
      restarts: 3,
      lastExit: null,
      dropIns: ['/a.conf', '/b.conf'],
    });
  });

  test('of none', async () => {
    const said = 'LoadState=not-found\nActiveState=inactive\nFragmentPath=\nDropInPaths=\n';
    expect(await observe(said, { kind: 'absent' })).toEqual({
      file: { kind: 'absent' },
      loaded: false,
      enabled: false,
      obstacle: null,
      complaint: null,
      source: null,
      isStale: false,
      overriddenBy: null,
      activity: { state: 'stopped' },
      restarts: null,
      lastExit: null,
      dropIns: [],
    });
  });

  test.each<[string, Partial<Observed>]>([
    ['LoadState=not-found\nActiveState=active\nMainPID=42', { loaded: true }],
    ['LoadState=loaded\nActiveState=inactive', { loaded: true, activity: { state: 'stopped' } }],
    ['UnitFileState=disabled', { enabled: false, dropIns: [] }],
    ['UnitFileState=enabled-runtime', { enabled: false }],
    ['NeedDaemonReload=yes', { isStale: true }],
    ['ExecMainCode=1\nExecMainStatus=3', { lastExit: { code: 3, signal: null } }],
    ['LoadState=bad-setting', { complaint: 'systemd cannot load it (bad-setting)' }],
    ['LoadState=error', { complaint: 'systemd cannot load it (error)' }],
  ])('%j', async (said, expected) => {
    expect(await observe(said)).toMatchObject(expected);
  });

  test.each([
    ['LoadState=masked', ''],
    ['UnitFileState=masked', ''],
    ['UnitFileState=masked-runtime', ' --runtime'],
  ])('%s is a decision of somebody’s', async (said, flag) => {
    const hint = `to allow it again: systemctl --user unmask${flag} heph.service`;
    expect((await observe(said)).obstacle).toEqual({ kind: 'refused', why: 'it is masked', hint });
  });

  const runs = (path: string) => `ExecStart={ path=${path} ; argv[]=${path} ; ignore_errors=no }`;
  const old: PathEntry = { ...current, text: `# ${MARKER}\n` };
  test.each<[string, string, PathEntry, string | null]>([
    ['another program', runs('/bin/true'), current, '/bin/true'],
    ['the unit’s own', runs('/opt/hephd'), current, null],
    ['none', 'ExecStart=', current, null],
    ['one of a text not read again', `${runs('/x')}\nNeedDaemonReload=yes`, current, null],
    ['that of an older text', runs('/x'), old, null],
    ['that of somebody else’s unit', runs('/x'), { kind: 'other' }, null],
  ])('what runs in the unit’s place: %s (C3)', async (_, said, entry, expected) => {
    expect((await observe(said, entry)).overriddenBy).toBe(expected);
  });

  test('a program behind a shell is the unit’s own', async () => {
    const spec = { ...SPEC, program: ["/home/o'x/hephd"] };
    const entry = { ...current, text: renderUnit(spec) };
    expect((await observe(runs('/bin/sh'), entry, spec)).overriddenBy).toBeNull();
  });
});

test('who is in the service’s control group is asked of the kernel', async () => {
  const inside = (entry: PathEntry) =>
    systemdBackend(imagine({ entries: { '/proc/self/cgroup': entry } }).ports).isInside(SPEC);
  const text = '0::/user.slice/heph.service\n';
  expect(await inside({ kind: 'file', text, mode: 0o444, uid: 0 })).toBe(true);
  expect(await inside({ kind: 'absent' })).toBe(false);
});

describe('what the machine has', () => {
  const asked = async (outcome: CommandOutcome) => {
    const { ports, did } = imagine({ run: () => outcome });
    const path = await systemdBackend(ports).systemWide(SPEC);
    expect(did).toEqual([
      'systemctl --system --no-pager show -p FragmentPath heph.service (5000 ms)',
    ]);
    return path;
  };
  test.each<[CommandOutcome, string | null]>([
    [
      exited(0, 'Id=x\nFragmentPath=/etc/systemd/system/heph.service\n'),
      '/etc/systemd/system/heph.service',
    ],
    [exited(0, 'FragmentPath=\n'), null],
    [exited(0, 'xFragmentPath=/x'), null],
    [exited(1, 'FragmentPath=/x\n'), null],
    [{ kind: 'missing' }, null],
  ])('of the same name: %j', async (outcome, expected) => {
    expect(await asked(outcome)).toBe(expected);
  });
});

describe('whether services run on without a session', () => {
  test.each<[CommandOutcome, boolean | null]>([
    [exited(0, 'Linger=yes\n'), true],
    [exited(0, 'Linger=no\n'), false],
    [exited(0, 'NoLinger=yes\n'), null],
    [exited(0, 'Linger=yes or no\n'), null],
    [exited(1, '', 'User ID 1000 is not logged in or lingering'), false],
    [exited(1, '', 'no bus'), null],
    [{ kind: 'missing' }, null],
  ])('%j', async (outcome, expected) => {
    const { ports, did } = imagine({ run: () => outcome });
    expect(await systemdBackend(ports).linger(SPEC)).toBe(expected);
    expect(did).toEqual(['loginctl show-user 1000 -p Linger (5000 ms)']);
  });
});
