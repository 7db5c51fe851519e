import { deepEqual, equal } from 'node:assert/strict';
import { mkdirSync, readdirSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { pack, type Header } from 'tar-stream';
import { unpack, type UnpackOptions } from '#update/archive.ts';
import type { UpdateError } from '#update/problem.ts';
import { Sandbox } from '../../support/sandbox.ts';

export const ROOT = 'heph-1.2.0-linux-x64';

export type Entry = Partial<Header> & { name: string; content?: string | Buffer };
export const bin: Entry = { name: `${ROOT}/bin`, type: 'directory' };
export const heph: Entry = { name: `${ROOT}/bin/heph`, mode: 0o755, content: '#!/bin/sh\n' };
export const PROPER: Entry[] = [{ name: ROOT, type: 'directory' }, bin, heph];

export const file = (name: string, more: Partial<Entry> = {}): Entry => {
  const isFile = more.type === undefined || more.type === 'file';
  return { name, content: isFile ? 'x' : '', ...more };
};
export const inRoot = (...names: string[]) => names.map((name) => file(`${ROOT}/${name}`));

export async function tarOf(entries: readonly Entry[]): Promise<Buffer> {
  const tar = pack();
  for (const { content = '', ...header } of entries) tar.entry(header, content);
  tar.finalize();
  return buffer(tar as AsyncIterable<Buffer>);
}

/** With the sum that belongs to the header that begins there. */
export function summed(tar: Buffer, at: number): Buffer {
  tar.fill(' ', at + 148, at + 156);
  const sum = tar.subarray(at, at + 512).reduce((all, byte) => all + byte, 0);
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148);
  return tar;
}

/** All that is in a folder: its mode and its content, by path. No link is followed. */
export function tree(folder: string): Record<string, string> {
  const all: Record<string, string> = {};
  for (const each of readdirSync(folder, { withFileTypes: true })) {
    const path = `${folder}/${each.name}`;
    const mode = (lstatSync(path).mode & 0o7777).toString(8);
    const content = each.isFile() ? readFileSync(path, 'latin1') : each.isDirectory() ? '/' : '?';
    all[each.name] = `${mode} ${content}`;
    if (!each.isDirectory()) continue;
    for (const [name, inside] of Object.entries(tree(path))) all[`${each.name}/${name}`] = inside;
  }
  return all;
}

/** Where archives are unpacked, some folders below where it would be seen that one leads out. */
export class Place implements AsyncDisposable {
  readonly #sandbox: Sandbox;
  readonly archive: string;
  readonly to: string;

  private constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
    this.archive = sandbox.at('archive.tar.gz');
    this.to = sandbox.at('a/b/c/to');
    mkdirSync(sandbox.at('a/b/c'), { recursive: true });
  }

  static async make(): Promise<Place> {
    return new Place(await Sandbox.make());
  }

  async unpack(bytes: Buffer, options: Partial<UnpackOptions> = {}): Promise<void> {
    writeFileSync(this.archive, bytes);
    await unpack(this.archive, this.to, { name: ROOT, ...options });
  }

  /** Why something cannot be unpacked, after looking that it left nothing. */
  async failure(bytes: Buffer, options: Partial<UnpackOptions> = {}): Promise<unknown> {
    const error = await this.unpack(bytes, options).then(
      () => 'it was unpacked',
      (reason: unknown) => reason,
    );
    deepEqual(this.there(), this.others());
    return error;
  }

  /** As {@link failure}, of an archive that is to blame. */
  async refusal(bytes: Buffer, options: Partial<UnpackOptions> = {}): Promise<string> {
    const error = await this.failure(bytes, options);
    const { code, message } = error as UpdateError;
    equal(code, 'bad_archive', message);
    return message;
  }

  /** All paths that there are. */
  there(): string[] {
    return Object.keys(tree(this.#sandbox.path)).toSorted();
  }

  /** The paths that there are as long as nothing is unpacked. */
  others(): string[] {
    return ['a', 'a/b', 'a/b/c', 'archive.tar.gz'];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sandbox[Symbol.asyncDispose]();
  }
}
