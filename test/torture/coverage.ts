import { Session, type Profiler } from 'node:inspector';

type Scripts = readonly Profiler.ScriptCoverage[];

/**
 * What runs of the scripts below a URL, from one look to the next. Only what is
 * loaded after it begins is told block by block: V8 counts in functions that it
 * compiles from then on.
 */
export class Coverage {
  readonly #session = new Session();
  readonly #below: string;

  constructor(below: string) {
    this.#below = below;
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** What ran since it was last asked. */
  take(): Scripts {
    let scripts: Scripts = [];
    // The answer comes before `post` returns.
    this.#session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error) throw error;
      scripts = result;
    });
    return scripts.filter(({ url }) => url.startsWith(this.#below));
  }
}

/**
 * Which characters of which script ever ran. That, and not how often: V8 leaves
 * out a block that ran as often as what it is in.
 */
export class Reached {
  readonly #scripts = new Map<string, Uint8Array>();

  /** Whether there is something new in what ran, which is not taken over. */
  lacks(scripts: Scripts): boolean {
    return scripts.some(({ url, functions }) => {
      const known = this.#scripts.get(url);
      return ran(functions).some((is, at) => is === 1 && known?.[at] !== 1);
    });
  }

  add(scripts: Scripts): void {
    for (const { url, functions } of scripts) {
      const now = ran(functions);
      const before = this.#scripts.get(url) ?? new Uint8Array();
      const [longer, shorter] = now.length > before.length ? [now, before] : [before, now];
      for (const [at, is] of shorter.entries()) if (is === 1) longer[at] = 1;
      this.#scripts.set(url, longer);
    }
  }
}

/** By character. Ranges come from the outer to the inner: what comes later is more exact. */
function ran(functions: readonly Profiler.FunctionCoverage[]): Uint8Array {
  const ranges = functions.flatMap((each) => each.ranges);
  const chars = new Uint8Array(Math.max(0, ...ranges.map(({ endOffset }) => endOffset)));
  for (const { startOffset, endOffset, count } of ranges) {
    chars.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  }
  return chars;
}
