import { setTimeout as sleep } from 'node:timers/promises';
import { alike, ID, idsIn } from './masks.ts';
import { PageIds } from './page-ids.ts';
import { fencesOf, type Fence, type Page } from './pages.ts';

/**
 * Runs the commands of a how-to. In a page,
 *
 * - a `console` block is a session: lines that begin with `$ ` are run, one
 *   after another in one shell, `> ` goes on with one, and what follows is what
 *   it must print, on both streams. A line `...` is any lines, `...` inside a
 *   line anything, and a last line `[3]` is the exit code where it is not 0.
 * - an id that is printed in place of one on the page is meant wherever the page
 *   says that one afterwards.
 * - `console background` is started and left running; the lines it shows are waited for.
 * - any block whose words begin with `not run:` is left out, and says why.
 */
export async function runHowTo(page: Page, shell: Shell, state: string): Promise<number> {
  await using session = new Session(shell, state);
  let count = 0;
  let isPatient = false;
  for (const block of fencesOf(page.text).filter(isRun)) {
    const where = `${page.path}:${block.at}`;
    for (const step of stepsOf(block)) {
      count++;
      if (block.info === 'background') await session.start(where, step);
      else await session.run(where, step, isPatient);
      isPatient = block.info === 'background';
    }
  }
  return count;
}

/** Runs a script in bash, with both streams as one. */
export type Shell = (script: string) => Promise<{ code: number; output: string }>;

interface Step {
  command: string;
  expected: string[];
  code: number;
}

/** How long what has been started in the background may take. */
const PATIENCE_MS = 30_000;

function isRun({ language, info }: Fence): boolean {
  return language === 'console' && !info.startsWith('not run:');
}

function stepsOf({ lines }: Fence): Step[] {
  const steps: Step[] = [];
  for (const line of lines) {
    const last = steps.at(-1);
    if (line.startsWith('$ ')) steps.push({ command: line.slice(2), expected: [], code: 0 });
    else if (last?.expected.length === 0 && /^>( |$)/.test(line))
      last.command += `\n${line.slice(2)}`;
    else last?.expected.push(line);
  }
  return steps.map((step) => {
    const code = /^\[(\d+)\]$/.exec(step.expected.at(-1) ?? '')?.[1];
    return code === undefined
      ? step
      : { ...step, expected: step.expected.slice(0, -1), code: Number(code) };
  });
}

/** One shell, as far as a reader can tell: variables and the working folder go from command to command. */
class Session implements AsyncDisposable {
  readonly #shell: Shell;
  /** Where the shell's variables are kept; also the beginning of other names. */
  readonly #state: string;
  readonly #background: string[] = [];
  readonly #ids = new PageIds();

  constructor(shell: Shell, state: string) {
    this.#shell = shell;
    this.#state = state;
  }

  async run(where: string, step: Step, isPatient: boolean): Promise<void> {
    const deadline = Date.now() + (isPatient ? PATIENCE_MS : 0);
    const script = `${this.#restore()}
      { ${this.#ids.translate(step.command)}
      }; code=$?
      { export -p; printf 'cd %q\\n' "$PWD"; } >'${this.#state}'
      exit $code`;
    for (;;) {
      const { code, output } = await this.#shell(script);
      const ids = code === step.code ? fit(step, output) : null;
      if (ids !== null) {
        for (const [onPage, real] of ids) this.#ids.bind(onPage, real);
        return;
      }
      if (Date.now() > deadline) throw new Error(report(where, step, code, output));
      await sleep(200);
    }
  }

  async start(where: string, step: Step): Promise<void> {
    const log = `${this.#state}.${this.#background.length}`;
    const program = `${this.#restore()}\n${this.#ids.translate(step.command)}`;
    const { output: pid } = await this.#shell(
      `setsid bash -c ${quoted(program)} >'${log}' 2>&1 </dev/null & echo $!`,
    );
    this.#background.push(pid.trim());
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const { output } = await this.#shell(`cat '${log}'`);
      if (fit(step, output) !== null) return;
      if (Date.now() > deadline) throw new Error(report(where, step, 0, output));
      await sleep(200);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pid of this.#background) {
      // Not for ever: where nobody reaps it, a process that has ended can still be signalled.
      await this.#shell(
        `kill -TERM -- -${pid}; for i in {1..50}; do kill -0 -- -${pid} || break; sleep 0.1; done`,
      );
    }
  }

  #restore(): string {
    // With -a, what is only assigned is kept as well.
    return `exec 2>&1; set -a; if [ -f '${this.#state}' ]; then . '${this.#state}'; fi`;
  }
}

/** The ids on the page, each with the one that stands in its place; null where it says something else. */
function fit({ expected }: Step, output: string): [string, string][] | null {
  const page = expected.join('\n');
  const lines = expected.length === 0 ? [] : alike(page).split('\n').map(pattern);
  const trimmed = output.trimEnd();
  const said = trimmed === '' ? '' : `${alike(trimmed)}\n`;
  const match = new RegExp(`^${lines.join('')}$`, 'd').exec(said);
  if (!match) return null;
  const real = idsIn(trimmed);
  const places = (match.indices ?? []).slice(1).map((span) => span?.[0] ?? 0);
  return idsIn(page).map((onPage, i) => {
    const before = said.slice(0, places[i]).split(ID).length - 1;
    return [onPage, real[before] ?? ''];
  });
}

function pattern(line: string): string {
  if (line === '...') return '(?:.*\n)*';
  const literal = (text: string) =>
    text
      .split('...')
      .map((part) => RegExp.escape(part))
      .join('.*');
  return `${line.split(ID).map(literal).join(`(${ID})`)}\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function report(
  where: string,
  { command, expected, code }: Step,
  actualCode: number,
  output: string,
): string {
  const wanted = `${expected.join('\n')}\n[${code}]`;
  return `${where}: $ ${command}\n--- the page says\n${wanted}\n--- it says\n${output.trimEnd()}\n[${actualCode}]`;
}
