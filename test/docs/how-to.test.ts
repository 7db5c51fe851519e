import { afterAll, expect, test } from 'vitest';
import { Sandbox } from '../support/sandbox.ts';
import { hostShell } from './host-shell.ts';
import { runHowTo } from './how-to.ts';
import { fencesOf, readPage } from './pages.ts';

/** What runs the how-tos is itself run: on pages that are right, and on pages that lie. */
const sandbox = await Sandbox.make();
afterAll(() => sandbox[Symbol.asyncDispose]());

let pages = 0;
const run = (...lines: string[]) => {
  const shell = hostShell(sandbox.path, { HOME: sandbox.path });
  return runHowTo(
    { path: 'page.md', text: lines.join('\n') },
    shell,
    sandbox.at(`page-${++pages}`),
  );
};

test('variables and the working folder go from block to block', async () => {
  const first = [
    '```console',
    '$ mkdir -p a/b',
    '$ cd a/b',
    '$ export NAME=value',
    '$ own=mine',
    '```',
  ];
  const second = ['```console', '$ echo "$NAME $own ${PWD##*/}"', 'value mine b', '```'];
  expect(await run(...first, 'Then:', ...second)).toBe(5);
});

test.each([
  ['output that is not what the page says', ['$ echo yes', 'no']],
  ['output that the page does not show', ['$ echo yes']],
  ['output that does not come', ['$ true', 'yes']],
  ['another exit code', ['$ (exit 3)', '[2]']],
  ['a failure that the page does not show', ['$ (exit 3)']],
])('it fails at %s', async (_, lines) => {
  await expect(run('# Page', '', '```console', ...lines, '```')).rejects.toThrow(/^page.md:3: \$ /);
});

test('dots stand for lines or for words, an exit code for a failure', async () => {
  expect(
    await run(
      '```console',
      '$ seq 5; exit 3',
      '1',
      '...',
      '5',
      '[3]',
      '$ echo a b c',
      'a ... c',
      '```',
    ),
  ).toBe(2);
});

test('ids, dates, pids and columns may differ', async () => {
  const page = ['7Q2M  red  Pay', 'filed 01M82W4TFNRFHKC6ZGBAY368N7', 'on 2026-11-23, pid 4711'];
  const now = String.raw`printf '01KAB0W8G07Q2M3N4P5Q6R7S8T\tred\tPay\nfiled 01KAB0W8G07Q2M3N4P5Q6R7S8T\non 2027-01-01, pid 1\n'`;
  expect(await run('```console', `$ ${now}`, ...page, '```')).toBe(1);
});

test('an id of the page is the one that came in its place', async () => {
  const known = '01KAB0W8G07Q2M3N4P5Q6R7S8T';
  const list = String.raw`printf '01KAB0W8G00000000000000000\tred\tOther\n%s\tred\tPay\n' $KNOWN`;
  const page = [
    '...',
    '68N7  red  Pay',
    '$ echo it is 68N7 > said',
    '$ [ "$(cat said)" = "it is $KNOWN" ]',
  ];
  expect(await run('```console', `$ export KNOWN=${known}`, `$ ${list}`, ...page, '```')).toBe(4);
  const mixed = ['68N7  red  Other', '68N7  red  Pay'];
  await expect(
    run('```console', `$ export KNOWN=${known}`, `$ ${list}`, ...mixed, '```'),
  ).rejects.toThrow(/the page mixes up two/);
});

test('a command goes on in the next line', async () => {
  const page = ['$ cat <<END', '> one', '>', '> two', '> END', 'one', '', 'two', '> three'];
  expect(await run('```console', ...page.slice(0, -1), '```')).toBe(1);
  await expect(run('```console', ...page, '```')).rejects.toThrow(/> three/);
});

test('what is started in the background is waited for, and ended', async () => {
  const begin = [
    '```console background',
    '$ sleep 0.3; echo ready; echo $$ >pid; sleep 60',
    'ready',
    '```',
  ];
  expect(await run(...begin, '```console', '$ kill -0 $(cat pid)', '```')).toBe(2);
  expect(
    await run(
      '```console',
      '$ cat /proc/$(cat pid)/stat 2>/dev/null | grep -v " Z " || echo gone',
      'gone',
      '```',
    ),
  ).toBe(1);
});

test.each(['install-heph', 'run-the-daemon', 'develop'])(
  '%s.md leaves nothing out without a reason',
  async (name) => {
    const { text } = await readPage(`docs/how-to/${name}.md`);
    const commands = fencesOf(text).filter(({ language }) =>
      ['console', 'sh', 'bash'].includes(language),
    );
    const silent = commands.filter(
      ({ language, info }) => language !== 'console' && !info.startsWith('not run: '),
    );
    expect(silent.map(({ at }) => `line ${at} is neither run nor says why not`)).toEqual([]);
  },
);
