import { describe, expect, test } from 'vitest';
import { UsageError } from '#cli/fail.ts';
import { parseCommandLine } from '#cli/program.ts';
import { COMMANDS, RUNNABLE } from '#cli/table.ts';

async function understood(...argv: string[]) {
  const parsed = await parseCommandLine(argv);
  if (parsed.do !== 'run') return parsed;
  const { command, input } = parsed;
  const options = (command.options ?? []).map(({ name, isMany, value }) => {
    if (isMany === true) return [name, input.texts(name)];
    return [name, value === undefined ? input.flag(name) || undefined : input.text(name)];
  });
  return {
    command: command.path.join(' '),
    args: input.args,
    options: Object.fromEntries(options.filter(([, value]) => value !== undefined)),
  };
}

describe('a good command line', () => {
  test.each([
    [['next'], 'next', [], {}],
    [['next', '-n', '10', '--explain'], 'next', [], { number: '10', explain: true }],
    [['next', '-n10'], 'next', [], { number: '10' }],
    [['next', '--number=10', '--json'], 'next', [], { number: '10' }],
    [
      ['list', '--due', '--all', '--project', 'House and garden'],
      'list',
      [],
      { due: true, all: true, project: 'House and garden' },
    ],
    [['task', 'Pay the rent'], 'task', ['Pay the rent'], {}],
    [['task', '--tag', 'a', 'x', '--tag=b'], 'task', ['x'], { tag: ['a', 'b'] }],
    [['task', 'x', '--do-date=-1w'], 'task', ['x'], { 'do-date': '-1w' }],
    [['task', 'x', '--do-date', '-1w'], 'task', ['x'], { 'do-date': '-1w' }],
    [['task', '--tag', '-3d', 'x', '--tag=-2M'], 'task', ['x'], { tag: ['-3d', '-2M'] }],
    [['journal', '-1w'], 'journal', ['-1w'], {}],
    [['journal', '-12d', '--edit'], 'journal', ['-12d'], { edit: true }],
    [['journal', '--', '-1w'], 'journal', ['-1w'], {}],
    [['doc', 'rename', '-1w', 'New'], 'doc rename', ['-1w', 'New'], {}],
    [['search', 'key', '-garage'], 'search', ['key', '-garage'], {}],
    [['search', 'key', '-house', 'car', '-nail'], 'search', ['key', '-house', 'car', '-nail'], {}],
    [['search', 'key', '-"the car"', '-n', '5'], 'search', ['key', '-"the car"'], { number: '5' }],
    [['search', '-n5', 'key', '-5'], 'search', ['key', '-5'], { number: '5' }],
    [['search', 'key', '--', '--json'], 'search', ['key', '--json'], {}],
    [['task', 'x', '--context', '-'], 'task', ['x'], { context: '-' }],
    [['task', '-'], 'task', ['-'], {}],
    [['task', '--', '--not-an-option'], 'task', ['--not-an-option'], {}],
    [['done', 'AAAA', 'BBBB', 'CCCC'], 'done', ['AAAA', 'BBBB', 'CCCC'], {}],
    [['edit', 'AAAA', '--title', ''], 'edit', ['AAAA'], { title: '' }],
    [['project', 'add', 'Home'], 'project add', ['Home'], {}],
    [['daemon', 'status'], 'daemon status', [], {}],
  ])('%j', async (argv, command, args, options) => {
    expect(await understood(...argv)).toEqual({ command, args, options });
  });

  test.each([
    [['--version'], { do: 'version' }],
    [['-V'], { do: 'version' }],
    [['--help'], { do: 'help', topic: [] }],
    [['-h'], { do: 'help', topic: [] }],
    [['help'], { do: 'help', topic: [] }],
    [['help', 'project', 'add'], { do: 'help', topic: ['project', 'add'] }],
    [['project', 'add', '--help'], { do: 'help', topic: ['project', 'add'] }],
    [['task', '-h'], { do: 'help', topic: ['task'] }],
    [['search', 'key', '-h'], { do: 'help', topic: ['search'] }],
  ])('%j', async (argv, parsed) => {
    expect(await understood(...argv)).toEqual(parsed);
  });
});

describe('a bad command line says what, and what to do', () => {
  test.each([
    [[], 'cannot guess what to do: no command was given', 'see: heph --help'],
    [['nxt'], 'cannot run heph nxt: there is no such command', 'did you mean: heph next'],
    [['nextt'], 'cannot run heph nextt: there is no such command', 'did you mean: heph next'],
    [['nexy'], 'cannot run heph nexy: there is no such command', 'did you mean: heph next'],
    [['enxt'], 'cannot run heph enxt: there is no such command', 'did you mean: heph next'],
    [['con'], 'cannot run heph con: there is no such command', 'did you mean: heph context'],
    [['frobnicate'], 'cannot run heph frobnicate: there is no such command', 'see: heph --help'],
    [['--frob'], 'cannot run heph --frob: there is no such command', 'see: heph --help'],
    [
      ['project'],
      'cannot run heph project alone: it needs one of list, add, rename, archive',
      'see: heph help project',
    ],
    [
      ['project', '--json'],
      'cannot run heph project alone: it needs one of list, add, rename, archive',
      'see: heph help project',
    ],
    [
      ['project', 'ad'],
      'cannot run heph project ad: there is no such command',
      'did you mean: heph project add',
    ],
    [
      ['project', 'zap'],
      'cannot run heph project zap: there is no such command',
      'see: heph help project',
    ],
    [['next', '--frob'], "cannot understand this: unknown option '--frob'", 'see: heph help next'],
    [
      ['list', '--proj'],
      "cannot understand this: unknown option '--proj'",
      'did you mean: --project',
    ],
    [
      ['list', '--atention=red'],
      "cannot understand this: unknown option '--atention'",
      'did you mean: --attention',
    ],
    [
      ['search', 'key', '--garage'],
      "cannot understand this: unknown option '--garage'",
      'see: heph help search',
    ],
    [
      ['task', 'x', '--context', '-y'],
      "cannot understand this: option '--context' argument is ambiguous",
      'write one that begins with a dash so: --context=-XYZ',
    ],
    [
      ['task', 'x', '--tag', '--red'],
      "cannot understand this: option '--tag' argument is ambiguous",
      'write one that begins with a dash so: --tag=-XYZ',
    ],
    [['next', '-x'], "cannot understand this: unknown option '-x'", 'see: heph help next'],
    [
      ['next', '--explain=yes'],
      "cannot understand this: option '--explain' does not take an argument",
      'see: heph help next',
    ],
    [
      ['next', '-n'],
      "cannot understand this: option '-n, --number <value>' argument missing",
      'see: heph help next',
    ],
    [
      ['next', 'five'],
      'cannot run heph next with "five": it takes no words',
      'see: heph help next',
    ],
    [['task'], 'cannot run heph task: TITLE is missing', 'see: heph help task'],
    [
      ['task', 'Pay', 'the', 'rent'],
      'cannot run heph task with "the": it takes fewer words',
      'put quotes around words that belong together; see: heph help task',
    ],
    [['done'], 'cannot run heph done: ID is missing', 'see: heph help done'],
    [
      ['project', 'add'],
      'cannot run heph project add: NAME is missing',
      'see: heph help project add',
    ],
  ])('%j', async (argv, message, hint) => {
    const error: unknown = await parseCommandLine(argv).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ message, hint });
  });
});

describe('the table of commands', () => {
  test.each(COMMANDS.map((command) => [command.path.join(' '), command] as const))(
    '%s can be run, and its examples are understood',
    async (_, command) => {
      expect(command.summary).toMatch(/^[A-Z].*[^.]$/);
      expect((await command.load()).run).toBeTypeOf('function');
      expect(command.examples).not.toHaveLength(0);
      for (const example of command.examples ?? []) {
        const words = [
          ...(/heph (.*?)(?: \||\)|$)/.exec(example)?.[1] ?? '').matchAll(
            /'([^']*)'|"([^"]*)"|(\S+)/g,
          ),
        ].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
        expect(await parseCommandLine(words)).toMatchObject({ do: 'run', command });
      }
    },
  );

  test('no name means two things', () => {
    const names = RUNNABLE.map(({ path }) => path.join(' '));
    expect(new Set(names).size).toBe(names.length);
    for (const name of names)
      expect(names.filter((other) => other.startsWith(`${name} `))).toEqual([]);
  });
});

describe('what a script left empty is no name', () => {
  const named = RUNNABLE.filter(({ args }) => args?.some(({ name }) => name === 'ID'));
  const withProject = RUNNABLE.filter(({ options }) =>
    options?.some(({ name }) => name === 'project'),
  );

  test.each(named.map((command) => [command.path.join(' '), command] as const))(
    'heph %s ""',
    async (_, { path, args = [] }) => {
      const words = args.map(({ name }) => (name === 'ID' ? '' : 'x'));
      await expect(parseCommandLine([...path, ...words])).rejects.toThrow(
        new UsageError('cannot find "": an id is needed', `see: heph help ${path.join(' ')}`),
      );
    },
  );

  test.each(withProject.map((command) => [command.path.join(' '), command] as const))(
    'heph %s --project ""',
    async (_, { path, args = [] }) => {
      const words = args.map(() => 'AAAA');
      await expect(parseCommandLine([...path, ...words, '--project', ''])).rejects.toThrow(
        'cannot find "": --project needs a name or an id',
      );
    },
  );

  test('nor among others', async () => {
    await expect(parseCommandLine(['done', 'AAAA', '', 'BBBB'])).rejects.toThrow(UsageError);
  });

  test('but a text may be empty', async () => {
    expect(await understood('log', 'AAAA', '')).toMatchObject({ args: ['AAAA', ''] });
    expect(await understood('context', 'AAAA', '--body', '')).toMatchObject({
      options: { body: '' },
    });
  });
});
