import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

/** One import of a source file: where it leads, and how. */
interface Import {
  from: string;
  /** A path below `src`, or the name of a package. */
  to: string;
  kind: 'type' | 'static' | 'lazy';
}

/** What manages the machine: the verbs, the check-up, the settings. */
const MAY_RUN_THE_SERVICE: ReadonlySet<string> = new Set([
  'src/cli/service-root.ts',
  'src/cli/commands/config.ts',
  'src/cli/commands/daemon.ts',
  'src/cli/commands/doctor.ts',
  'src/cli/print/doctor.ts',
]);

const sources = globSync('src/**/*.ts').toSorted();
const imports = sources.flatMap(importsOf);
const layerOf = (file: string) => (file.startsWith('src/') ? (file.split('/')[1] ?? '') : file);

/** Who may import whom, below `src`; a layer may always import itself. */
const ALLOWED: Record<string, { layers: string[]; why: string }> = {
  core: {
    layers: [],
    why: 'every rule of the domain is tested in a millisecond, so it does no I/O',
  },
  protocol: { layers: ['core'], why: 'both ends must agree, so neither end may own the wire' },
  config: {
    layers: ['update'],
    why: 'paths and settings have names in one place, which knows what a feed and a key are',
  },
  store: { layers: ['core'], why: 'the store knows facts, not who asks for them' },
  client: {
    layers: ['protocol', 'core', 'config'],
    why: 'a client connects; it never opens the store nor starts a daemon',
  },
  daemon: {
    layers: ['store', 'protocol', 'core', 'config', 'node', 'update'],
    why: 'the daemon does not know who starts it, nor what a command line looks like',
  },
  update: {
    layers: [],
    why: 'what decides whether to run a program from elsewhere is small, and read as a whole',
  },
  service: { layers: ['config', 'update'], why: 'installing must work when nothing runs' },
  cli: {
    layers: ['client', 'protocol', 'core', 'config', 'service', 'node'],
    why: 'the command line never opens the store',
  },
  node: {
    layers: ['core', 'service', 'cli'],
    why: 'the real world implements what others ask of it',
  },
  bin: { layers: ['cli', 'daemon', 'node'], why: 'a program only hands its process on' },
};

describe('layers', () => {
  test.each(Object.entries(ALLOWED))('%s imports only what it may', (layer, { layers, why }) => {
    const wrong = imports.filter(
      ({ from, to }) =>
        layerOf(from) === layer &&
        to.startsWith('src/') &&
        ![layer, ...layers].includes(layerOf(to)),
    );
    expect(wrong.map(arrow), why).toEqual([]);
  });

  test('every folder of src is a layer with a rule', () => {
    expect([...new Set(sources.map(layerOf))].toSorted()).toEqual(Object.keys(ALLOWED).toSorted());
  });

  test('only the service verbs compose the service: nothing else of the command line runs it', () => {
    const wrong = imports.filter(
      ({ from, to, kind }) =>
        layerOf(from) === 'cli' &&
        !MAY_RUN_THE_SERVICE.has(from) &&
        kind !== 'type' &&
        ['service', 'node'].includes(layerOf(to)),
    );
    expect(wrong.map(arrow)).toEqual([]);
  });

  test('the service imports neither client nor daemon, not even their types', () => {
    const wrong = imports.filter(
      ({ from, to }) => layerOf(from) === 'service' && ['client', 'daemon'].includes(layerOf(to)),
    );
    expect(wrong.map(arrow)).toEqual([]);
  });
});

describe('packages', () => {
  const OWNERS: Record<string, { files: RegExp; why: string }> = {
    'better-sqlite3': {
      files: /^src\/store\/(open|lock|backup)\.ts$/,
      why: 'the store is behind an interface of its own',
    },
    execa: { files: /^src\/node\/run-command\.ts$/, why: 'programs are run in one place' },
    'rrule-temporal': {
      files: /^src\/node\/occurrences\.ts$/,
      why: 'the rules of recurrence are ours; only the calendar behind them is not',
    },
    'smol-toml': { files: /^src\/config\/load\.ts$/, why: 'settings are read in one place' },
    'tar-stream': {
      files: /^src\/update\/archive\.ts$/,
      why: 'what unpacks a download is small, and read as a whole',
    },
    plist: {
      files: /^src\/service\/launchd\/plist\.ts$/,
      why: 'one file knows what a plist looks like',
    },
    yaml: {
      files: /^src\/cli\/import\/front-matter\.ts$/,
      why: 'one file knows what front matter looks like; an export writes it without',
    },
    zod: {
      files: /^src\/(protocol|daemon|update)\//,
      why: 'what is not trusted is checked at the daemon, not by the client',
    },
  };

  test('each has its owners, and there are no others', () => {
    const wrong = imports.filter(({ from, to }) => {
      const isPackage = !to.startsWith('src/') && !to.startsWith('node:');
      return isPackage && OWNERS[to]?.files.test(from) !== true;
    });
    expect(wrong.map(arrow)).toEqual([]);
  });

  test('the client never loads SQLite, the schema library or anything of the daemon', () => {
    // Only the commands that edit the settings read them.
    const loaded = reachable(
      'src/bin/heph.ts',
      (each) => each.kind !== 'type' && each.to !== 'src/cli/commands/config.ts',
    );
    const heavy = loaded.filter(
      (to) =>
        ['zod', 'better-sqlite3', 'smol-toml', 'rrule-temporal'].includes(to) ||
        /^src\/(store|daemon)\//.test(to),
    );
    expect(heavy, 'start-up time is the client’s feature').toEqual([]);
  });

  test('a daemon that starts loads nothing of updating but what it has to look at', () => {
    const loaded = reachable(
      'src/bin/hephd.ts',
      (each) => each.kind === 'static' || each.to === 'src/daemon/main.ts',
    );
    expect(loaded).toContain('src/daemon/settle-update.ts');
    const heavy = new Set(['execa', 'tar-stream', 'src/daemon/updater.ts', 'src/update/feed.ts']);
    expect(loaded.filter((to) => heavy.has(to))).toEqual([]);
  });

  test('zod comes under one name: its parts by name bring all of its languages along', () => {
    const files = sources.filter((file) =>
      /import \{[^}]*\} from 'zod'/.test(readFileSync(file, 'utf8')),
    );
    expect(files).toEqual([]);
  });

  test('YAML is loaded where there is front matter to read, and nowhere else', () => {
    const ways = imports.filter(({ to, kind }) => to === 'yaml' && kind !== 'lazy');
    expect(ways.map(arrow)).toEqual([]);
  });

  test('readers and writers of other formats touch no file', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        /^src\/cli\/(import|export)\//.test(from) &&
        to.startsWith('node:') &&
        !(from === 'src/cli/import/import-id.ts' && to === 'node:crypto'),
    );
    expect(wrong.map(arrow)).toEqual([]);
  });

  test('what no command needs is only loaded when a command asks', () => {
    const eager = reachable('src/cli/main.ts', (each) => each.kind === 'static');
    expect(eager.filter((to) => !to.startsWith('src/'))).toEqual([]);
    expect(eager.filter((to) => /^src\/(client|service|node|cli\/commands)\//.test(to))).toEqual(
      [],
    );
  });

  test('the core knows no platform', () => {
    expect(
      imports
        .filter(({ from, to }) => layerOf(from) === 'core' && to.startsWith('node:'))
        .map(arrow),
    ).toEqual([]);
  });
});

describe('files', () => {
  const all = [
    ...globSync('{src,test,scripts,bench,containers}/**/*.ts'),
    ...globSync('{heph.nvim,test/nvim}/**/*.lua'),
  ];
  const text = (file: string) => readFileSync(file, 'utf8');

  test('none is longer than 300 lines: there is a second room in there', () => {
    expect(all.filter((file) => text(file).split('\n').length > 301)).toEqual([]);
  });

  test('no barrels: a path says where a thing is', () => {
    expect(all.filter((file) => file.endsWith('/index.ts'))).toEqual([]);
  });

  test('nothing is left for later', () => {
    // Spelled so that this file does not name what it looks for.
    const words = /\b(?:TO[D]O|FIX[M]E|XX[X])\b/;
    expect(all.filter((file) => words.test(text(file)))).toEqual([]);
  });

  test('only config and bin name a variable of ours', () => {
    const wrong = sources.filter(
      (file) => /['"]HEPH_[A-Z]+['"]/.test(text(file)) && !/^src\/(config|bin)\//.test(file),
    );
    expect(wrong).toEqual([]);
  });

  test('only the rim touches the process', () => {
    const touches = /(?<![\w.'#])process\.(?!off)/;
    const wrong = sources.filter(
      (file) =>
        touches.test(code(text(file))) &&
        !/^src\/(bin|node)\/|^src\/daemon\/socket\.ts$/.test(file),
    );
    expect(wrong).toEqual([]);
  });

  test('no two files need each other', () => {
    const isCyclic = (file: string) => reachable(file, () => true).includes(file);
    expect(sources.filter(isCyclic)).toEqual([]);
  });
});

/** Without comments. */
function code(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
}

function arrow({ from, to, kind }: Import): string {
  return `${from} -> ${to}${kind === 'type' ? ' (type)' : ''}`;
}

function importsOf(from: string): Import[] {
  const text = code(readFileSync(from, 'utf8'));
  const found = text.matchAll(
    /(?:import|export)\s+(type\s)?([^'";]*?)\s*from\s*'([^']+)'|import\s*\(\s*'([^']+)'\s*,?\s*\)|import\s+'([^']+)'/g,
  );
  return [...found].map(([, type, names, statically, lazily, bare]): Import => {
    const to = resolve(from, statically ?? lazily ?? bare ?? '');
    // `import { type A, type B }` leaves nothing behind, like `import type`.
    const isType =
      type !== undefined ||
      (names !== undefined && /^\{(\s*type\s[^,}]+,?)+\s*\}$/.test(names.trim()));
    return { from, to, kind: isType ? 'type' : lazily === undefined ? 'static' : 'lazy' };
  });
}

function resolve(from: string, name: string): string {
  if (name === '#client/socket') return 'src/client/socket-node.ts';
  if (name.startsWith('#')) return `src/${name.slice(1)}`;
  return name.startsWith('.') ? relative('.', join(dirname(from), name)) : name;
}

/** All that a file leads to over imports that pass, itself only where a way leads back. */
function reachable(start: string, passes: (each: Import) => boolean): string[] {
  const seen = new Set<string>();
  const queue = [start];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    for (const each of imports) {
      if (each.from !== file || !passes(each) || seen.has(each.to)) continue;
      seen.add(each.to);
      queue.push(each.to);
    }
  }
  return [...seen];
}
