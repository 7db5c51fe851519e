/**
 * The manual pages, made from the table of commands:
 *
 *     node scripts/man.ts FOLDER
 *
 * One for heph, one for each first word of a command, one for hephd.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import type { CommandSpec } from '#cli/command.ts';
import { synopsis } from '#cli/help.ts';
import { optionsOf } from '#cli/specs/words.ts';
import { COMMAND_GROUPS, COMMANDS } from '#cli/table.ts';
import { defaultPaths, PATH_VARIABLES } from '#config/paths.ts';
import { DAEMON_USAGE } from '#daemon/options.ts';
import { exitMeanings } from './docs-errors.ts';
import { literal, macro, roff, section, terms } from './man-roff.ts';
import { buildVersion, root, say } from './support.ts';

/** What stands at the foot of a page. */
interface Edition {
  version: string;
  /** A day, YYYY-MM-DD. */
  date: string;
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error('cannot write the pages: name a folder');
  say(`wrote ${(await writeManPages(folder)).length} pages to ${folder}`);
}

/** Write every page; the date is that of the commit. @returns the names of the files. */
export async function writeManPages(folder: string): Promise<string[]> {
  const git = ['log', '-1', '--format=%cs'];
  const { stdout: date } = await execa('git', git, { cwd: root, reject: false });
  const pages = manPages({ version: await buildVersion(), date: date || '1970-01-01' });
  await mkdir(folder, { recursive: true });
  for (const [name, text] of pages) await writeFile(`${folder}/${name}`, text);
  return [...pages.keys()];
}

/** Every page by the name of its file. */
export function manPages(edition: Edition): ReadonlyMap<string, string> {
  const groups = Map.groupBy(COMMANDS, ({ path }) => path[0] ?? '');
  return new Map([
    ['heph.1', overview(edition)],
    ...[...groups].map(([word, commands]): [string, string] => [
      `heph-${word}.1`,
      commandPage(word, commands, edition),
    ]),
    ['hephd.1', daemonPage(edition)],
  ]);
}

function page(name: string, what: string, { version, date }: Edition, parts: string[]): string {
  return [
    // The date as it is: a hyphen to be copied would be no date.
    `${macro('TH', name.toUpperCase(), '1')} "${date}" "${roff(`heph ${version}`)}" "heph"`,
    ...section('NAME', `${roff(name)} \\- ${roff(what)}`),
    ...parts,
    '',
  ].join('\n');
}

function overview(edition: Edition): string {
  const { socket, db, config, log } = defaultPaths('~');
  return page('heph', 'tasks and the knowledge around them', edition, [
    ...section('SYNOPSIS', '.B heph\n.I COMMAND\n.RI [ options ]'),
    ...section(
      'DESCRIPTION',
      roff(
        'heph asks the daemon hephd, which keeps all tasks and notes in one store, and prints the answer. ' +
          'The operating system keeps hephd running: heph daemon start.',
      ),
      '.PP',
      roff(
        'An id may be the whole 26 characters, or any beginning or end of it that is unique and has 4 characters or more. ' +
          'A date is today, tomorrow, +3d, fri, 24 dec or 2026-12-24. A single - in place of a text reads standard input.',
      ),
    ),
    ...section(
      'COMMANDS',
      ...COMMAND_GROUPS.flatMap(({ title, commands }) => [
        macro('SS', title),
        ...terms(commands.map((each) => [`heph ${each.path.join(' ')}`, `${each.summary}.`])),
      ]),
    ),
    ...section(
      'OPTIONS',
      ...terms([
        ['--json', 'Print one JSON document, of an error too. Every command takes it.'],
        ['-h, --help', 'Print the help; of a command, when it stands after one.'],
        ['-V, --version', 'Print the version.'],
      ]),
    ),
    ...section(
      'EXIT STATUS',
      ...terms(exitMeanings().map(([code, text]) => [code, text.replaceAll('`', '')])),
    ),
    ...section(
      'ENVIRONMENT',
      ...terms([
        ['VISUAL, EDITOR', 'What opens a text to be edited; vi without them.'],
        ['NO_COLOR', 'Set to anything, there are no colours; so with TERM=dumb.'],
        [
          Object.values(PATH_VARIABLES).join(', '),
          'Other paths than those below, for development.',
        ],
      ]),
    ),
    ...section(
      'FILES',
      ...terms([
        [db, 'The store.'],
        [socket, 'Where hephd answers.'],
        [log, "hephd's log."],
        [config, 'Settings; see heph config.'],
      ]),
    ),
    ...section(
      'SEE ALSO',
      seeAlso([...new Set(COMMANDS.map(({ path }) => `heph-${path[0]}`)), 'hephd']),
    ),
  ]);
}

function commandPage(word: string, commands: readonly CommandSpec[], edition: Edition): string {
  const [first] = commands;
  const isGroup = commands.length > 1;
  const what = isGroup
    ? commands.map(({ path }) => path.slice(1).join(' ')).join(', ')
    : (first?.summary ?? '');
  const lines = commands.map((command) => synopsis(command));
  return page(`heph-${word}`, what, edition, [
    ...section('SYNOPSIS', literal(lines)),
    ...(isGroup
      ? section('COMMANDS', ...commands.flatMap((each) => [heading(each), ...told(each)]))
      : section('DESCRIPTION', ...commands.flatMap(told))),
    ...section('EXAMPLES', literal(commands.flatMap(({ examples = [] }) => examples))),
    ...section('SEE ALSO', seeAlso(['heph', 'hephd'])),
  ]);
}

function heading({ path }: CommandSpec): string {
  return macro('SS', `heph ${path.join(' ')}`);
}

function told(command: CommandSpec): string[] {
  const { summary, details, args = [] } = command;
  const options = optionsOf(command).map(({ name, short, value, summary: what }) => {
    const long = value === undefined ? `--${name}` : `--${name} ${value}`;
    return [short === undefined ? long : `-${short}, ${long}`, capital(`${what}.`)] as const;
  });
  return [
    roff(`${summary}.`),
    ...(details === undefined ? [] : ['.PP', roff(details)]),
    ...terms(args.map(({ name, summary: what }) => [name, capital(`${what}.`)])),
    ...terms(options),
  ];
}

function daemonPage(edition: Edition): string {
  const [usage = '', what = ''] = DAEMON_USAGE.split('\n\n');
  const options = [...DAEMON_USAGE.matchAll(/^ {2}(--\S+(?: \w+)?) {2,}(.+)$/gm)];
  return page('hephd', 'the daemon of heph', edition, [
    ...section('SYNOPSIS', literal([usage.replace('Usage: ', '')])),
    ...section('DESCRIPTION', roff(what)),
    ...section(
      'OPTIONS',
      ...terms(options.map(([, name = '', text = '']) => [name, capital(`${text}.`)])),
    ),
    ...section('SEE ALSO', seeAlso(['heph', 'heph-daemon', 'heph-config', 'heph-doctor'])),
  ]);
}

function seeAlso(names: readonly string[]): string {
  return names
    .map((name, i) => macro('BR', name, i === names.length - 1 ? '(1)' : '(1),'))
    .join('\n');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
