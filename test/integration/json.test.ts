import { writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { COMMANDS } from '#cli/table.ts';
import { VERSION } from '#protocol/version.ts';
import { newKey, release } from '../../scripts/feed.ts';
import { ERROR_SHAPE, JSON_SHAPES } from '../../scripts/json-shapes.ts';
import { platform } from '../../scripts/support.ts';
import { installed, openMachine, type Machine } from '../support/machine.ts';

/**
 * One life of a store, command by command, in order. RENT and OTHER are the ids
 * of tasks, HOME is the folder of the test, FEED_KEY
 * the key of the feed in it.
 */
const LIFE: readonly (readonly string[])[] = [
  ['undo'],
  ['config', 'set', 'log.level', 'debug'],
  ['config', 'get', 'log.level'],
  ['config', 'list'],
  ['config', 'unset', 'log.level'],
  ['daemon', 'start', '--dry-run'],
  ['daemon', 'start'],
  ['daemon', 'status'],
  ['daemon', 'logs'],
  ['config', 'set', 'update.feed', 'file://HOME/feed'],
  ['config', 'set', 'update.keys', 'FEED_KEY'],
  ['daemon', 'restart'],
  ['update', '--check'],
  ['doctor'],
  ['completion', 'fish'],
  ['list'],
  ['journal'],
  ['project', 'add', 'Home'],
  ['task', 'Pay the rent', '--key', 'rent', '--project', 'Home', '--tag', 'money'],
  ['task', 'Pay the rent', '--key', 'rent', '--late-on', '+3d', '--attention', 'orange'],
  ['task', 'Water the plants', '--recur', 'daily', '--recur-from', 'done', '--do-date', 'today'],
  ['next', '--explain'],
  ['list', '--all'],
  ['show', 'RENT'],
  ['edit', 'RENT', '--title', 'Pay the rent of [[Boiler]]'],
  ['context', 'RENT', '--append', 'See [[Boiler]] and [[Nothing]].'],
  ['context', 'RENT'],
  ['log', 'RENT', 'called, no answer'],
  ['log', 'RENT'],
  ['wait', 'RENT', '--state', 'outstanding'],
  ['doc', 'new', 'Boiler', '--body', 'Serviced by [[Jo]].'],
  ['doc', 'list'],
  ['doc', 'edit', 'Boiler', '--append', 'Pressure: 1.5 bar'],
  ['doc', 'rename', 'Boiler', 'The boiler'],
  ['doc', 'show', 'The boiler'],
  ['journal', 'today', '--append', 'Talked to Jo'],
  ['journal'],
  ['links', 'RENT'],
  ['backlinks', 'The boiler'],
  ['search', 'boiler'],
  ['search', 'answer'],
  ['tag', 'add', 'RENT', 'errand'],
  ['tag', 'remove', 'RENT', 'money'],
  ['tag', 'list'],
  ['project', 'list'],
  ['project', 'rename', 'Home', 'House'],
  ['project', 'archive', 'House'],
  ['project', 'archive', 'House', '--undo'],
  ['skip', 'OTHER'],
  ['done', 'OTHER'],
  ['drop', 'RENT'],
  ['done', 'RENT', 'OTHER'],
  ['delete', 'OTHER'],
  ['undo'],
  ['delete', 'RENT', 'OTHER'],
  ['history'],
  ['history', 'RENT', '-n', '3'],
  ['export', 'HOME/all.json'],
  ['export', '--format', 'markdown', 'HOME/notes'],
  ['import', 'heph', 'HOME/all.json'],
  ['import', 'todotxt', 'HOME/todo.txt', '--dry-run'],
  ['backup', 'HOME/copy.db'],
  ['restore', 'HOME/copy.db'],
  ['watch', '--since', '0'],
  ['daemon', 'restart'],
  ['daemon', 'stop'],
  ['daemon', 'uninstall'],
];

/** Looking at a machine with a stand-in for its manager need not find all well. */
const MAY_FIND_FAULT = new Set(['doctor']);

let machine: Machine;
let ids: Record<string, string>;
// One for each test, and for each time it is tried again: a life begins with nothing.
beforeEach(async () => {
  machine = await openMachine('systemd');
  ids = {};
  await feedWithThisVersion();
  await writeFile(`${machine.home}/todo.txt`, '(A) 2026-11-01 Ring Jo +Home @phone\n');
});
afterEach(() => machine[Symbol.asyncDispose]());

describe('with --json', () => {
  test('a store lives its life, and every document is what its schema says', async () => {
    await machine.heph(['daemon', 'start']);
    for (const words of LIFE) {
      const name = nameOf(words);
      const shape = JSON_SHAPES[name]?.shape;
      for (const document of await documentsOf(words)) {
        const parsed = shape?.safeParse(document);
        expect(parsed?.error, `heph ${words.join(' ')}`).toBeUndefined();
        // A schema drops what it does not know: what is printed and in no schema shows here.
        expect(document, `heph ${words.join(' ')}`).toEqual(parsed?.data);
        learn(document as Record<string, unknown>);
      }
    }
  }, 600_000);

  test('and no command was left out', () => {
    const lived = new Set(LIFE.map(nameOf));
    expect(COMMANDS.map(({ path }) => path.join(' ')).filter((name) => !lived.has(name))).toEqual(
      [],
    );
  });

  test.each([
    ['an id that nothing has', ['show', 'ZZZZ']],
    ['a command that is none', ['sing']],
    ['a date that is none', ['task', 'x', '--do-date', 'soonish']],
    ['no words', ['project']],
  ])('an error is one as well: %s', async (_, words) => {
    const { stdout, code } = await machine.heph([...words, '--json']);
    expect(code).not.toBe(0);
    const document: unknown = JSON.parse(stdout);
    expect(document).toEqual(ERROR_SHAPE.parse(document));
  });
});

/** Nothing on it is newer. */
async function feedWithThisVersion(): Promise<void> {
  const { home } = machine;
  const archive = `${home}/heph-${VERSION}-${platform}.tar.gz`;
  ids['FEED_KEY'] = await newKey(`${home}/key.pem`);
  await writeFile(archive, 'this very version');
  const keys = [`${home}/key.pem`];
  const what = { feed: `${home}/feed`, version: VERSION, archives: [archive], keys };
  await release({ ...what, nowMs: Date.now(), days: 1 });
}

function nameOf(words: readonly string[]): string {
  const command = COMMANDS.find(({ path }) => path.every((word, i) => words[i] === word));
  return command?.path.join(' ') ?? '';
}

/** All that is printed; exactly one line, but of a command whose every line is a document. */
async function documentsOf(words: readonly string[]): Promise<unknown[]> {
  const argv = words.map((word) => ids[word] ?? word.replace('HOME', machine.home));
  if (JSON_SHAPES[nameOf(words)]?.isLines === true) return firstLinesOf(argv);
  const { code, stdout, stderr } = await machine.heph([...argv, '--json']);
  const codes = MAY_FIND_FAULT.has(nameOf(words)) ? [0, 1] : [0];
  expect(codes, `heph ${argv.join(' ')}: ${stdout}${stderr}`).toContain(code);
  expect(stdout).not.toContain('\n');
  return [JSON.parse(stdout)];
}

/** Of what goes on until it is ended: with nothing new to write, it cannot hear that nobody reads. */
async function firstLinesOf(argv: readonly string[]): Promise<unknown[]> {
  const [program, ...words] = installed;
  const process = execa(program, [...words, ...argv], {
    env: { ...machine.manager.env, HOME: machine.home },
    reject: false,
  });
  const lines: string[] = [];
  for await (const line of process) {
    lines.push(line);
    if (lines.length === 5) process.kill();
  }
  return lines.slice(0, 5).map((line) => JSON.parse(line) as unknown);
}

/** The ids that later commands name. */
function learn(document: Record<string, unknown>): void {
  if (document['kind'] !== 'task' || document['created'] === undefined) return;
  ids[document['key'] === 'rent' ? 'RENT' : 'OTHER'] = String(document['node_id']);
}
