/**
 * Leave out each step of the service's code, and put it before the one ahead of
 * it: statements, and elements of lists. A test has to fail each time; whoever
 * survives is named, exit 1. Nothing is written: the changed text is handed to
 * the tests in memory. Stryker (`npm run mutate`) empties whole blocks and lists
 * only.
 *
 *     node scripts/mutate-steps.ts [FILE...]
 */
import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { parseAst, type Plugin } from 'vite';
import { createVitest } from 'vitest/node';
import { root, say } from './support.ts';

interface Part {
  type: string;
  start: number;
  end: number;
}

/** A text with one step fewer, or two of them the other way round. */
interface Mutant {
  file: string;
  line: number;
  what: string;
  text: string;
}

/** Longer than the tests of one file take on a busy machine; and all of them. */
const ONE_MS = 30_000;
const ALL_MS = 300_000;

let active: Mutant | null = null;
const changed: Plugin = {
  name: 'mutant',
  enforce: 'pre',
  transform: (_, id) => (active !== null && id.startsWith(active.file) ? active.text : null),
};

const files =
  process.argv.length > 2
    ? process.argv.slice(2)
    : (await Array.fromAsync(glob('src/service/**/*.ts', { cwd: root }))).toSorted();
const mutants = files.flatMap((file) => mutantsOf(`${root}/${file}`));
say(`${mutants.length} changes of ${files.length} files`);
const vitest = await createVitest(
  'test',
  {
    config: `${root}/vitest.mutation.config.ts`,
    watch: false,
    bail: 1,
    reporters: [{}],
    // The cache on disk goes by the text on disk, which stays.
    fsModuleCache: false,
  },
  { plugins: [changed] },
);
if (!(await passes())) throw new Error('cannot begin: the tests fail as they are');

let survived = 0;
for (const mutant of mutants) {
  active = mutant;
  if (!(await passes(testOf(mutant))) || !(await passes())) continue;
  survived += 1;
  say(`survived: ${mutant.file.slice(root.length + 1)}:${mutant.line}: ${mutant.what}`);
}
await vitest.close();
say(`${mutants.length - survived} of ${mutants.length} were noticed`);
process.exitCode = survived > 0 ? 1 : 0;

function mutantsOf(file: string): Mutant[] {
  const source = readFileSync(file, 'utf8');
  const found: Mutant[] = [];
  const add = (part: Part, what: string, text: string) => {
    const line = source.slice(0, part.start).split('\n').length;
    found.push({ file, line, what, text });
  };
  const textOf = ({ start, end }: Part) => source.slice(start, end);
  for (const { steps, separator } of listsOf(parseAst(source, { lang: 'ts' }))) {
    steps.forEach((step, at) => {
      const rest = source.slice(step.end).replace(separator, '');
      add(step, `without ${brief(textOf(step))}`, source.slice(0, step.start) + rest);
      const next = steps[at + 1];
      // The order of plain words says nothing.
      if (next === undefined || (step.type === 'Literal' && next.type === 'Literal')) return;
      const between = source.slice(step.end, next.start);
      const swapped = `${textOf(next)}${between}${textOf(step)}`;
      const text = source.slice(0, step.start) + swapped + source.slice(next.end);
      add(step, `${brief(textOf(next))} before ${brief(textOf(step))}`, text);
    });
  }
  return found;
}

interface List {
  steps: Part[];
  separator: RegExp | string;
}

/** Lists of values, and runs of statements: what declares a name has no other place, and stays. */
function listsOf(node: unknown): List[] {
  if (typeof node !== 'object' || node === null) return [];
  if (Array.isArray(node)) return node.flatMap(listsOf);
  const inside = Object.values(node).flatMap(listsOf);
  const { type, elements, body, consequent } = node as Record<string, unknown>;
  if (type === 'ArrayExpression') {
    return [{ steps: elements as Part[], separator: /^\s*,/ }, ...inside];
  }
  if (type !== 'BlockStatement' && type !== 'SwitchCase') return inside;
  const statements = (type === 'BlockStatement' ? body : consequent) as Part[];
  const runs: Part[][] = [[]];
  for (const each of statements) {
    if (each.type.endsWith('Declaration')) runs.push([]);
    else runs.at(-1)?.push(each);
  }
  return [...runs.map((steps) => ({ steps, separator: '' })), ...inside];
}

/** The test of the file itself: it notices most. */
function testOf({ file }: Mutant): string {
  return file.replace('/src/', '/test/unit/').replace(/\.ts$/, '.test.ts');
}

/** Whether all tests pass, or those of one file: of one that is not there, they do. */
async function passes(path?: string): Promise<boolean> {
  const all = await vitest.globTestSpecifications();
  const wanted = path === undefined ? all : all.filter(({ moduleId }) => moduleId === path);
  if (wanted.length === 0) return true;
  if (active !== null) vitest.invalidateFile(active.file);
  const timer = setTimeout(giveUp, path === undefined ? ALL_MS : ONE_MS);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(wanted);
  clearTimeout(timer);
  return unhandledErrors.length === 0 && testModules.every((each) => each.state() === 'passed');
}

/** A loop without end cannot be left from outside: `test/support/imagined-service.ts` has to. */
function giveUp(): never {
  say(`cannot go on: the tests never end ${active?.what ?? 'as they are'}`);
  process.exit(1);
}

function brief(text: string): string {
  const words = text.replaceAll(/\s+/g, ' ');
  return words.length > 60 ? `${words.slice(0, 57)}...` : words;
}
