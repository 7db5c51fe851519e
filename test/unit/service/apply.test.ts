import { expect, test } from 'vitest';
import { apply } from '#service/apply.ts';
import { ServiceError, type ServiceBackend, type Step } from '#service/service.ts';
import { ANSWERS, backendSeeing, imagine, SPEC } from '../../support/imagined-service.ts';

function noting(did: string[]): ServiceBackend {
  const perform: ServiceBackend['perform'] = async (step) => void did.push(`perform ${step.do}`);
  return { ...backendSeeing({ activity: { state: 'stopped' } }), perform };
}

test.each<[Step, string]>([
  [{ do: 'make-folder', target: '/f' }, 'make /f 0700'],
  [{ do: 'keep-copy', target: '/u.bak', text: 'old' }, 'write /u.bak 0644 old'],
  [{ do: 'write-unit', target: '/u', text: 'new' }, 'write /u 0644 new'],
  [{ do: 'remove-unit', target: '/u' }, 'remove /u'],
  [{ do: 'announce-hand-over', target: '/h' }, 'write /h 0600 {"until_ms":11000}\n'],
  [{ do: 'withdraw-hand-over', target: '/h' }, 'remove /h'],
  [{ do: 'await-gone', target: '/s' }, ''],
  [{ do: 'reload', target: 'u' }, 'perform reload'],
  [{ do: 'enable', target: 'u' }, 'perform enable'],
  [{ do: 'disable', target: 'u' }, 'perform disable'],
  [{ do: 'reset-failures', target: 'u' }, 'perform reset-failures'],
  [{ do: 'start', target: 'u' }, 'perform start'],
  [{ do: 'restart', target: 'u', isAnew: true }, 'perform restart'],
  [{ do: 'stop', target: 'u' }, 'perform stop'],
])('%j', async (step, expected) => {
  const { ports, did } = imagine();
  await apply([step], SPEC, noting(did), ports);
  expect(did.join()).toBe(expected);
});

test('an answer is waited for from the process that is wanted', async () => {
  const { ports } = imagine({ probe: () => ANSWERS });
  const step: Step = { do: 'await-answer', target: '/s', notPid: 42 };
  const after = backendSeeing({}, { activity: { state: 'failed' } });
  await expect(apply([step], SPEC, after, ports)).rejects.toThrow('cannot start hephd');
  const other: Step = { ...step, notPid: 41 };
  await expect(apply([other], SPEC, backendSeeing({}), ports)).resolves.toBeUndefined();
});

test('a step that fails is the last, and no client waits any longer', async () => {
  const { ports, did } = imagine();
  const backend: ServiceBackend = {
    ...noting(did),
    perform: () => Promise.reject(new ServiceError('failed', 'cannot: no')),
  };
  const steps: Step[] = [
    { do: 'make-folder', target: '/f' },
    { do: 'start', target: 'u' },
    { do: 'remove-unit', target: '/u' },
  ];
  await expect(apply(steps, SPEC, backend, ports)).rejects.toThrow('cannot: no');
  expect(did).toEqual(['make /f 0700', `remove ${SPEC.paths.handOver}`]);
  const files = { ...ports.files, remove: () => Promise.reject(new Error('EIO')) };
  await expect(apply(steps, SPEC, backend, { ...ports, files })).rejects.toThrow('cannot: no');
});
