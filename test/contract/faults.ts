import type { CommandOutcome, Files, ServicePorts } from '#service/service.ts';

/** How a step goes wrong. */
export interface Fault {
  name: string;
  /** Which steps it can happen to. */
  at: 'call of the manager' | 'work on files' | 'step';
  how: 'failure' | 'silence' | 'death';
  /** The step takes effect all the same. */
  isDone: boolean;
}

export const FAULTS: readonly Fault[] = [
  { name: 'fails', at: 'call of the manager', how: 'failure', isDone: false },
  { name: 'is done, and fails', at: 'call of the manager', how: 'failure', isDone: true },
  { name: 'gets no answer', at: 'call of the manager', how: 'silence', isDone: false },
  { name: 'is done, and gets no answer', at: 'call of the manager', how: 'silence', isDone: true },
  { name: 'fails', at: 'work on files', how: 'failure', isDone: false },
  { name: 'is done, and fails', at: 'work on files', how: 'failure', isDone: true },
  // Killed after a step is killed before the next one.
  { name: 'is where the command is killed', at: 'step', how: 'death', isDone: false },
];

/** The command is no more: whatever it would still have done does not happen. */
export class Killed extends Error {}

/** Nobody's: the pid of a command that was killed. */
const DEAD_PID = 4_194_304;

/** What only looks: it matters whether it fails, and not whether it was done. */
const LOOKS = new Set(['show', 'print', 'print-disabled', 'show-user', 'entry', 'stat']);
const FILE_STEPS = ['write', 'create', 'remove', 'makeFolder', 'entry', 'stat'] as const;

export interface Faulty {
  ports: ServicePorts;
  /** Whether the fault came about: not, once k is beyond the last step. */
  hasStruck(): boolean;
}

/** The ports of a command that meets one fault, at the k-th step that it can happen to. */
export function faulty(inner: ServicePorts, k: number, { at, how, isDone }: Fault): Faulty {
  let count = 0;
  let isDead = false;

  async function step<T>(
    kind: Fault['at'],
    name: string,
    work: () => Promise<T>,
    failure: () => T,
  ): Promise<T> {
    if (isDead) throw new Killed();
    const isPlainLook = LOOKS.has(name) && (isDone || how === 'death');
    if ((at !== 'step' && at !== kind) || isPlainLook) return work();
    count += 1;
    if (count !== k) return work();
    isDead = how === 'death';
    if (isDead) throw new Killed();
    if (isDone) await work();
    return failure();
  }

  async function unlessDead<T>(work: () => Promise<T>): Promise<T> {
    if (isDead) throw new Killed();
    return work();
  }

  const ports: ServicePorts = {
    ...inner,
    pid: DEAD_PID,
    sleep: (ms) => unlessDead(() => inner.sleep(ms)),
    probe: (socket) => unlessDead(() => inner.probe(socket)),
    run: (program, args, options) => {
      const verb = args.find((word) => !word.startsWith('-')) ?? '';
      const outcome: CommandOutcome =
        how === 'failure'
          ? { kind: 'exited', code: 1, stdout: '', stderr: 'No space left on device\n' }
          : { kind: 'timeout', limitMs: options.limitMs };
      return step(
        'call of the manager',
        verb,
        () => inner.run(program, args, options),
        () => outcome,
      );
    },
    files: faultyFiles(inner.files, (name, work, failure) =>
      step('work on files', name, work, failure),
    ),
  };
  return { ports, hasStruck: () => count >= k };
}

type FileStep = <T>(name: string, work: () => Promise<T>, failure: () => T) => Promise<T>;

function faultyFiles(inner: Files, step: FileStep): Files {
  const steps = FILE_STEPS.map((name) => {
    const work = inner[name] as (...args: unknown[]) => Promise<unknown>;
    const failure = () => {
      throw Object.assign(new Error(`EIO: i/o error, ${name}`), { code: 'EIO' });
    };
    return [name, (...args: unknown[]) => step(name, () => work(...args), failure)];
  });
  return { ...inner, ...Object.fromEntries(steps) } as Files;
}
