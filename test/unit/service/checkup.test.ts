import { describe, expect, test } from 'vitest';
import { checkUp, type Askable, type Verdict } from '#service/checkup.ts';
import {
  ServiceError,
  type CommandOutcome,
  type ServiceBackend,
  type ServiceSpec,
} from '#service/service.ts';
import {
  ANSWERS,
  backendSeeing,
  exited,
  imagine,
  OBSERVED,
  place,
  SPEC,
  type Imagined,
} from '../../support/imagined-service.ts';

const sound: Verdict = { kind: 'sound' };
const askable: Askable = { store: async () => sound };
const WELL: Imagined = { probe: () => ANSWERS, run: () => exited(0), freeBytes: 5 };

function check(imagined: Imagined = {}, backend = backendSeeing({}), spec: ServiceSpec = SPEC) {
  const { ports } = imagine({ ...WELL, ...imagined });
  return checkUp(spec, backend, ports, askable, ['HEPH_DB']);
}

test('everything is looked at where it is', async () => {
  const { paths } = SPEC;
  const stats = {
    [SPEC.home]: place('folder', 0o755),
    [paths.dataDir]: place('folder', 0o700),
    [paths.db]: place('file', 0o600),
    [paths.socket]: place('socket', 0o601),
    [paths.log]: place('file', 0o602),
    [paths.config]: place('file', 0o603),
    [SPEC.unitPath]: place('file', 0o644),
  };
  const links = { '/opt/hephd': '/opt/hephd' };
  const backend: ServiceBackend = { ...backendSeeing({}), systemWide: async () => '/etc/x' };
  expect(await check({ stats, links }, backend)).toEqual({
    spec: SPEC,
    sighting: { observed: OBSERVED, probe: ANSWERS, installedVersion: '1', isHeldBack: false },
    unreachable: null,
    probe: ANSWERS,
    linger: true,
    places: {
      home: stats[SPEC.home],
      dataDir: stats[paths.dataDir],
      db: stats[paths.db],
      socket: stats[paths.socket],
      log: stats[paths.log],
      config: stats[paths.config],
      unit: stats[SPEC.unitPath],
    },
    missing: [],
    store: sound,
    settings: sound,
    freeBytes: 5,
    systemWide: '/etc/x',
    variables: ['HEPH_DB'],
  });
});

test('a manager that does not answer is a finding; a defect is not', async () => {
  const unreachable = new ServiceError('unreachable', 'cannot reach it');
  const failing = (error: Error) => ({
    ...backendSeeing({}),
    observe: async () => {
      throw error;
    },
  });
  expect(await check({}, failing(unreachable))).toMatchObject({ sighting: null, unreachable });
  await expect(check({}, failing(new TypeError('oops')))).rejects.toThrow('oops');
});

test('words that are paths, and lead to nothing, are named', async () => {
  const program = ['/gone/node', '/there/hephd.js', '/gone/too', '--mode', 'local'];
  const links = { '/there/hephd.js': '/there/hephd.js' };
  expect(await check({ links }, backendSeeing({}), { ...SPEC, program })).toMatchObject({
    missing: ['/gone/node', '/gone/too'],
  });
});

test('a daemon that does not answer is not asked about its store', async () => {
  expect(await check({ probe: () => ({ kind: 'silent' }) })).toMatchObject({
    store: { kind: 'unknown', why: 'no daemon answers that could be asked' },
  });
});

describe('the daemon that would run is the judge of its settings', () => {
  test.each<[CommandOutcome, Verdict]>([
    [exited(0, '', 'a warning'), sound],
    [exited(78, '', ' line 3 \n'), { kind: 'broken', why: 'line 3' }],
    [exited(78), { kind: 'broken', why: 'hephd ended with 78' }],
    [exited(1, '', ' \n'), { kind: 'unknown', why: 'hephd ended with 1' }],
    [{ kind: 'missing' }, { kind: 'unknown', why: 'hephd cannot be run' }],
  ])('%j', async (outcome, settings) => {
    const { ports, did } = imagine({ ...WELL, run: () => outcome });
    const found = await checkUp(SPEC, backendSeeing({}), ports, askable, []);
    expect(found.settings).toEqual(settings);
    expect(did).toEqual(['/opt/hephd --mode local --check-config (10000 ms)']);
  });
});
