export type SubState =
  | 'dead'
  | 'start'
  | 'running'
  | 'stop-sigterm'
  | 'stop-sigkill'
  | 'final-sigterm'
  | 'failed'
  | 'auto-restart';
export type JobKind = 'start' | 'stop' | 'restart';
export type JobResult = 'done' | 'failed' | 'canceled';

/** What jobs work on. */
export interface JobSubject {
  state(): SubState;
  /** Called in `dead` and `failed` only. */
  start(): void;
  /** Called in any other state; does nothing where it is stopping already. */
  stop(): void;
}

interface Job {
  kind: JobKind;
  /** The subject was told to start, and how that ends is how the job ends. */
  isUnderWay: boolean;
  promise: Promise<JobResult>;
  resolve(result: JobResult): void;
}

/**
 * The one job that a unit can have. Another of the same mind merges with it,
 * and both get one result; one that wants the opposite takes its place.
 */
export class ServiceJobs {
  readonly #subject: JobSubject;
  #job: Job | null = null;

  constructor(subject: JobSubject) {
    this.#subject = subject;
  }

  get isBusy(): boolean {
    return this.#job !== null;
  }

  request(kind: JobKind): Promise<JobResult> {
    const job = this.#merged(kind) ?? this.#added(kind);
    this.#advance();
    return job.promise;
  }

  stateChanged(): void {
    const state = this.#subject.state();
    if (this.#job?.isUnderWay !== true) {
      this.#advance();
    } else if (state === 'running') {
      this.#finish('done');
    } else {
      this.passedThrough(state);
    }
  }

  /** A start that ends in one of these has ended, whatever comes next. */
  passedThrough(state: SubState): void {
    if (this.#job?.isUnderWay !== true) return;
    if (state === 'failed') this.#finish('failed');
    else if (state === 'dead') this.#finish('done');
  }

  abandon(): void {
    this.#finish('canceled');
  }

  #merged(kind: JobKind): Job | null {
    const job = this.#job;
    if (job === null) return null;
    if ((kind === 'stop') !== (job.kind === 'stop')) {
      this.#finish('canceled');
      return null;
    }
    if (kind === 'restart' && job.kind === 'start') {
      Object.assign(job, { kind, isUnderWay: false });
    }
    return job;
  }

  #added(kind: JobKind): Job {
    const { promise, resolve } = Promise.withResolvers<JobResult>();
    this.#job = { kind, isUnderWay: false, promise, resolve };
    return this.#job;
  }

  #finish(result: JobResult): void {
    this.#job?.resolve(result);
    this.#job = null;
  }

  #advance(): void {
    const job = this.#job;
    if (job === null || job.isUnderWay) return;
    const state = this.#subject.state();
    const isDown = state === 'dead' || state === 'failed';
    if (job.kind === 'stop') {
      if (isDown) this.#finish('done');
      else this.#subject.stop();
    } else if (isDown) {
      Object.assign(job, { kind: 'start', isUnderWay: true });
      this.#subject.start();
    } else if (job.kind === 'restart') {
      this.#subject.stop();
    } else if (state === 'running') {
      this.#finish('done');
    }
  }
}
