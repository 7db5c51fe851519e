import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandOutcome, RunCommand } from '#service/service.ts';

export interface Call {
  program: string;
  args: readonly string[];
}

export interface Answer {
  code: number;
  stdout: string;
  stderr: string;
}

/** Which calls something happens to. */
export interface CallRule {
  /** The verb as typed (`start`, `show-user`), or `*` for any. */
  verb: string;
  /** Only the k-th such call since the rule was set, from 1; every one without it. */
  call?: number;
  /** `after`: the manager does its work first, and only the caller does not learn of it. */
  when?: 'before' | 'after';
}

interface FailRule extends CallRule {
  code: number;
  /** Written to stderr, with a newline. */
  text: string;
}

/** What can be turned on any fake, at run time. */
export interface CommonKnobs {
  /** The calls that never return. */
  hang: CallRule[];
  fail: FailRule[];
  /** There is no such program on this machine. */
  missing: boolean;
}

export type CallEnv = Readonly<Record<string, string | null | undefined>>;

/**
 * A stand-in for one or more programs: runs calls, keeps a log of them, and
 * lets the knobs get in the way. What the programs do is the subclass's part.
 */
export abstract class FakeProgram<Knobs extends CommonKnobs> {
  /** Every call, in order, as it came. */
  readonly calls: Call[] = [];
  readonly knobs: Knobs;
  /** What a second is worth here. */
  readonly timeScale: number;
  protected abstract readonly programs: readonly string[];
  readonly #counts = new WeakMap<CallRule, number>();

  constructor(knobs: Knobs, timeScale: number) {
    this.knobs = knobs;
    this.timeScale = timeScale;
  }

  /** A call that hangs takes `limitMs` in this fake's time; any other may take it in real time. */
  readonly run: RunCommand = async (program, args, { limitMs, env }) => {
    const name = basename(program);
    if (!this.has(name)) return { kind: 'missing' };
    const timeout: CommandOutcome = { kind: 'timeout', limitMs };
    const answer = this.call(name, args, env ?? {});
    const limit = new AbortController();
    const outOfTime = sleep(limitMs, timeout, { signal: limit.signal });
    // Aborting it once the answer is there is no failure of the call.
    outOfTime.catch(() => undefined);
    const outcome = await Promise.race([answer, outOfTime]);
    limit.abort();
    if (outcome !== 'never') return 'kind' in outcome ? outcome : { kind: 'exited', ...outcome };
    await sleep(limitMs * this.timeScale);
    return timeout;
  };

  /** Whether there is such a program on this machine. */
  has(program: string): boolean {
    return !this.knobs.missing && this.programs.includes(program);
  }

  /** The answer to one call; `never` when a knob makes it hang. */
  async call(program: string, args: readonly string[], env: CallEnv): Promise<Answer | 'never'> {
    this.calls.push({ program, args: [...args] });
    const verb = this.verbOf(args);
    const hang = this.#due(this.knobs.hang, verb);
    const fail = this.#due(this.knobs.fail, verb);
    const rule = hang ?? fail;
    const isDone = rule === undefined || rule.when === 'after';
    const answer = isDone ? await this.answer(program, args, env) : success();
    if (hang || this.hangs(program)) return 'never';
    return fail ? refusal(fail.code, fail.text) : answer;
  }

  protected abstract answer(
    program: string,
    args: readonly string[],
    env: CallEnv,
  ): Promise<Answer>;

  protected abstract verbOf(args: readonly string[]): string;

  /** Whether every call of a program hangs, whatever it asks for. */
  protected hangs(_program: string): boolean {
    return false;
  }

  /** The first that applies; the call counts for every one. */
  #due<Rule extends CallRule>(rules: readonly Rule[], verb: string): Rule | undefined {
    const due = rules.filter((rule) => this.#applies(rule, verb));
    return due.at(0);
  }

  #applies(rule: CallRule, verb: string): boolean {
    if (rule.verb !== '*' && rule.verb !== verb) return false;
    const count = (this.#counts.get(rule) ?? 0) + 1;
    this.#counts.set(rule, count);
    return rule.call === undefined || rule.call === count;
  }
}

export function success(stdout = ''): Answer {
  return { code: 0, stdout, stderr: '' };
}

/** An exit code and a line for stderr. */
export function refusal(code: number, line: string): Answer {
  return { code, stdout: '', stderr: line === '' ? '' : `${line}\n` };
}

/** Several answers as one program's: texts in order; the last code that is not 0 wins. */
export function together(answers: readonly Answer[]): Answer {
  return {
    code: answers.findLast((answer) => answer.code !== 0)?.code ?? 0,
    stdout: answers.map((answer) => answer.stdout).join(''),
    stderr: answers.map((answer) => answer.stderr).join(''),
  };
}
