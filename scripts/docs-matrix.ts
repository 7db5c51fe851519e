import { globSync, readFileSync } from 'node:fs';
import { root } from './support.ts';
import { table, type Blocks } from './docs-markdown.ts';

/** A test, by its file under `test/` and the beginning of its name. */
type Test = readonly [file: string, name: string];

const MAIN = 'container/main-job.ts';
const MISHAPS = 'container/mishaps.ts';
const SESSIONS = 'container/sessions.ts';
const CONTRACT = 'contract/service.ts';
const RACES = 'contract/races.ts';
const STATES = 'contract/service-states.ts';

/** What must be seen on every target, and the tests that show it there. */
const LINES: Readonly<Record<string, readonly Test[]>> = {
  'a virgin machine: every verb, twice': [
    [MAIN, 'from the artefact to an answer'],
    [STATES, 'a virgin machine'],
  ],
  'another start after a clean exit, and after `kill -9`': [
    [MAIN, 'from the artefact to an answer'],
    [CONTRACT, 'it comes back after'],
  ],
  'the unit of an older install, before and after `restart`': [
    [MISHAPS, 'the unit of an older install'],
    [CONTRACT, '${name}: restart mends the unit of an older heph'],
  ],
  'six restarts in ten seconds': [
    [MISHAPS, 'six restarts in a row'],
    [CONTRACT, 'seven restarts in a row'],
  ],
  'ten starts at once': [
    [MISHAPS, 'ten starts at once'],
    [CONTRACT, 'ten starts at once'],
  ],
  '`start` against `stop` and `uninstall`': [
    [MISHAPS, 'start against uninstall'],
    [RACES, '$comes and $goes at once'],
  ],
  'logout without linger; `loginctl terminate-user`': [
    [SESSIONS, 'it ends with the last session where nobody lingers'],
  ],
  'logout with linger; a reboot': [[SESSIONS, 'with linger it runs on']],
  'a home with spaces, `%`, `$`, quotes, umlauts': [[MAIN, 'a home directory with']],
  'no `XDG_RUNTIME_DIR`': [[MAIN, 'without XDG_RUNTIME_DIR']],
  'a drop-in': [[MISHAPS, 'a drop-in is respected']],
  'a development store beside the real one': [[MAIN, 'a development daemon leaves']],
  'requests through 20 restarts': [[MAIN, 'clients that write through 20 restarts']],
  'two users of one machine': [[MISHAPS, 'two users']],
};

/** The suite files that each target needs: the backend's contract, and the artefact's matrix. */
const SUITES = ['service', 'matrix'];

export const matrixBlocks: Blocks = {
  /** @throws {Error} a line has lost a test, or a target a suite. */
  'service-matrix': () => {
    const targets = globSync('*/base', { cwd: `${root}/containers` }).map(
      (path) => path.split('/')[0] ?? '',
    );
    for (const target of targets) {
      for (const suite of SUITES) read(`container/${suite}-${target}.test.ts`);
    }
    return table(
      ['what must be seen', 'shown by'],
      Object.entries(LINES).map(([line, tests]) => [
        line,
        [...new Set(tests.map(fileOf))].map((file) => `\`${file}\``).join(', '),
      ]),
    );
  },
};

function fileOf([file, name]: Test): string {
  const isThere = [`'${name}`, `\`${name}`].some((opening) => read(file).includes(opening));
  if (!isThere) throw new Error(`cannot find a test "${name}…" in test/${file}`);
  return file;
}

/** @throws {Error} there is no such file. */
function read(file: string): string {
  return readFileSync(`${root}/test/${file}`, 'utf8');
}
