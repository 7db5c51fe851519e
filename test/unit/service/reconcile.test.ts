import { describe, expect, test } from 'vitest';
import { reconcile, type Report } from '#service/reconcile.ts';
import type { Verb } from '#service/plan.ts';
import type { Observed, ServiceBackend } from '#service/service.ts';
import {
  ANSWERS,
  backendSeeing,
  imagine,
  place,
  SPEC,
  type Imagined,
} from '../../support/imagined-service.ts';

const { dataDir, verbLock, socket } = SPEC.paths;
const UNIT = SPEC.unitPath;
const stopped: Partial<Observed> = { activity: { state: 'stopped' } };
const absent: Partial<Observed> = {
  ...stopped,
  file: { kind: 'absent' },
  enabled: false,
  loaded: false,
};

async function take(
  verb: Verb,
  sights: Partial<Observed>[],
  {
    isDryRun = false,
    backend = {},
    ...imagined
  }: Imagined & { isDryRun?: boolean; backend?: Partial<ServiceBackend> } = {},
): Promise<Report & { did: string[] }> {
  // With its folder there, so that the lock has a place and the first look is the first.
  const folder = { [SPEC.paths.dataDir]: place('folder', 0o700) };
  const { ports, did } = imagine({ ...imagined, stats: { ...folder, ...imagined.stats } });
  const perform: ServiceBackend['perform'] = async (step) => void did.push(`perform ${step.do}`);
  const all = { ...backendSeeing(...sights), perform, ...backend };
  const report = await reconcile(verb, SPEC, all, ports, { isDryRun });
  return { ...report, did: did.filter((what) => !what.includes(SPEC.paths.verbLock)) };
}

describe('see, decide, do, see again', () => {
  test('the steps are taken, and what is then is told', async () => {
    const { did, ...report } = await take('start', [stopped, {}], { probe: answersLate() });
    expect(did).toEqual(['perform reset-failures', 'perform start']);
    expect(report).toMatchObject({
      verb: 'start',
      changed: true,
      left: [],
      status: { healthy: true },
    });
    expect(report.steps.map((step) => step.do)).toEqual([
      'reset-failures',
      'start',
      'await-answer',
    ]);
  });

  test('where there is nothing to do nothing is looked at twice', async () => {
    const report = await take('stop', [stopped, { ...stopped, enabled: false }]);
    expect(report).toMatchObject({ changed: false, steps: [], status: { enabled: true } });
  });

  describe('one that was on its way ends while it is waited for', () => {
    const respawning: Partial<Observed> = { activity: { state: 'respawning' } };
    const died = { ...respawning, lastExit: { code: 78, signal: null } };

    test('it may be in the state before: another is started', async () => {
      const probe = answersFrom(3);
      const { did, steps } = await take('start', [{}, died, died, {}], { probe });
      expect(did.slice(-2)).toEqual(['perform reset-failures', 'perform start']);
      expect(steps.map((step) => step.do)).toEqual(['reset-failures', 'start', 'await-answer']);
    });

    test('the one that was started then ends as well: that is told', async () => {
      const asked = take('start', [{}, died], { probe: () => ({ kind: 'nobody' }) });
      await expect(asked).rejects.toThrow('cannot start hephd: it ended at once with exit code 78');
    });

    test('it stays, and says nothing: nothing is done to it', async () => {
      const asked = take('start', [{}], { probe: () => ({ kind: 'silent' }) });
      await expect(asked).rejects.toThrow('cannot reach hephd: it runs, but has not answered');
    });
  });

  test('a dry run tells the steps, and how things are before them', async () => {
    const stats = { [dataDir]: place('folder', 0o700) };
    const report = await take('start', [stopped, {}], { isDryRun: true, stats });
    expect(report).toMatchObject({ changed: true, did: [], status: { running: false } });
    expect(report.steps).toHaveLength(3);
  });

  test('a step that the manager does not have is left out', async () => {
    const backend: Partial<ServiceBackend> = { takes: (step) => step !== 'reset-failures' };
    const { did } = await take('start', [stopped, {}], { backend, probe: answersLate() });
    expect(did).toEqual(['perform start']);
  });

  test('no other command does so meanwhile', async () => {
    const stats = { [dataDir]: place('folder', 0o700) };
    const { ports } = imagine({ stats });
    const created: string[] = [];
    const create: typeof ports.files.create = async (path) => created.push(path) > 0;
    const files = { ...ports.files, create };
    await reconcile('stop', SPEC, backendSeeing(stopped), { ...ports, files }, { isDryRun: false });
    expect(created).toEqual([verbLock]);
  });

  test('who may not ask is refused before', async () => {
    const asked = take('stop', [stopped], { backend: { isInside: async () => true } });
    await expect(asked).rejects.toThrow('cannot stop hephd from inside');
  });

  test('what an uninstall leaves is told, and only then', async () => {
    const stats = { [`${UNIT}.bak`]: place('file', 0o644), [socket]: place('file', 0o600) };
    const sight = { ...stopped, dropIns: ['/a.conf'] };
    expect((await take('uninstall', [sight, absent], { stats })).left).toEqual([
      `${UNIT}.bak`,
      '/a.conf',
    ]);
    expect((await take('uninstall', [sight, absent])).left).toEqual(['/a.conf']);
    expect((await take('stop', [sight], { stats })).left).toEqual([]);
  });
});

/** Nobody at first, so that what answers then is the one that was started. */
const answersLate = () => answersFrom(1);

/** Nobody for so many askings. */
function answersFrom(nth: number): NonNullable<Imagined['probe']> {
  let asked = 0;
  return () => (asked++ < nth ? { kind: 'nobody' } : ANSWERS);
}
