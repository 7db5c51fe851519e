import { createWriteStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack, type Pack } from 'tar-stream';

/**
 * Pack a folder into a `.tar.gz` whose bytes depend on nothing but its content:
 * sorted, owned by nobody in particular, and all of one time.
 * @param seconds that time, since the epoch.
 */
export async function archive(folder: string, file: string, seconds: number): Promise<void> {
  const tar = pack();
  // Level 9 takes twice as long as 6, for a hundredth less.
  const written = pipeline(tar, createGzip({ level: 6 }), createWriteStream(file));
  await Promise.all([written, fill(tar, folder, new Date(seconds * 1000))]);
}

async function fill(tar: Pack, folder: string, mtime: Date): Promise<void> {
  const [root, from] = [basename(folder), dirname(folder)];
  const inside = await readdir(folder, { recursive: true });
  for (const path of [root, ...inside.map((name) => `${root}/${name}`).toSorted()]) {
    const found = await stat(`${from}/${path}`);
    const mode = found.isDirectory() || (found.mode & 0o100) !== 0 ? 0o755 : 0o644;
    if (found.isDirectory()) tar.entry({ name: `${path}/`, type: 'directory', mode, mtime });
    else tar.entry({ name: path, mode, mtime }, await readFile(`${from}/${path}`));
  }
  tar.finalize();
}
