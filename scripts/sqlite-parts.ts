import { readFile } from 'node:fs/promises';
import { licenceOfOurs } from './licences.ts';
import type { Part } from './parts.ts';
import { isCompiledHere, SQLITE_SOURCE, ZIG } from './sqlite.ts';
import { toolFile } from './support.ts';

/** What is compiled into the binary and is no package: SQLite, and what it is linked with. */
export async function sqliteParts(): Promise<Part[]> {
  return [await sqlite(), ...(isCompiledHere ? [...(await cxxLibrary()), await glibc()] : [])];
}

async function sqlite(): Promise<Part> {
  const header = await readFile(toolFile(`${SQLITE_SOURCE}/sqlite3.h`), 'utf8');
  const version = found(header, /^#define SQLITE_VERSION\s+"([\d.]+)"$/m, 'SQLite');
  return {
    name: 'SQLite',
    version,
    kind: 'library',
    licence: 'blessing',
    licenceText: found(header, /^\/\*\n([^]*?)\n\*{20}/, 'SQLite').replaceAll(/^\*\* ?/gm, ''),
    purl: `pkg:generic/sqlite@${version}`,
    cpe: `cpe:2.3:a:sqlite:sqlite:${version}:*:*:*:*:*:*:*`,
  };
}

/** Linked in, so that it need not be on the machine: LLVM's, as zig brings it. */
async function cxxLibrary(): Promise<Part[]> {
  const config = await readFile(toolFile(`${ZIG}/lib/libcxx/include/__config`), 'utf8');
  const digits = found(config, /define _LIBCPP_VERSION (\d{6})$/m, 'libc++');
  const version = (digits.match(/../g) ?? []).map(Number).join('.');
  const folders = { 'libc++': 'libcxx', 'libc++abi': 'libcxxabi', libunwind: 'libunwind' };
  return Promise.all(
    Object.entries(folders).map(async ([name, folder]) => ({
      name,
      version,
      kind: 'library' as const,
      licence: 'Apache-2.0 WITH LLVM-exception',
      licenceText: await readFile(toolFile(`${ZIG}/lib/${folder}/LICENSE.TXT`), 'utf8'),
      purl: `pkg:generic/${encodeURIComponent(name)}@${version}`,
    })),
  );
}

/**
 * `stat` and its like, which a glibc before 2.33 has under other names: zig links
 * its own. It does not say of which glibc they are, so they go by its version.
 */
async function glibc(): Promise<Part> {
  const { version } = JSON.parse(await readFile(toolFile(`${ZIG}/package.json`), 'utf8')) as {
    version: string;
  };
  const origin = `Four functions (stat, lstat, fstat, fstatat) and errno are linked into SQLite's binary. Their
source is in the package ${ZIG} ${version}, below lib/libc/glibc;
scripts/sqlite.ts of heph's source links the binary, with them or with others.
They are under the GNU Lesser General Public License, version 2.1 or later.`;
  const notices = await readFile(toolFile(`${ZIG}/lib/libc/glibc/LICENSES`), 'utf8');
  return {
    name: 'glibc of zig',
    version,
    kind: 'library',
    licence: 'LGPL-2.1-or-later',
    licenceText: [origin, notices, await licenceOfOurs('lgpl-2.1')].join('\n\n'),
    purl: `pkg:generic/zig-glibc@${encodeURIComponent(version)}`,
  };
}

function found(text: string, pattern: RegExp, name: string): string {
  const [, match] = pattern.exec(text) ?? [];
  if (match !== undefined) return match;
  throw new Error(`cannot package ${name}: its version or licence is not where it was before`);
}
