import { mkdir, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { pack } from 'tar-stream';
import type { StagePorts } from '#update/stage.ts';
import { buffer } from 'node:stream/consumers';
import { newKey, release } from '../../scripts/feed.ts';
import { NEXT_VERSION, platform, root } from '../../scripts/support.ts';
import { Sandbox } from './sandbox.ts';

/** Runs a release's program for real. */
export const runIt: StagePorts['run'] = async (program, args, timeout) => {
  const { exitCode = 128, stdout, stderr } = await execa(program, args, { reject: false, timeout });
  return { code: exitCode, stdout, stderr };
};

/** What is wrong with a version, in shell. */
interface Faults {
  onTrial?: string;
  onSelfTest?: string;
  shell?: string;
}

/** Feeds, all signed with one key. */
export class Releases implements AsyncDisposable {
  readonly #sandbox: Sandbox;
  /** As `update.keys` has it. */
  readonly key: string;

  private constructor(sandbox: Sandbox, key: string) {
    this.#sandbox = sandbox;
    this.key = key;
  }

  static async make(): Promise<Releases> {
    const sandbox = await Sandbox.make();
    const key = await newKey(sandbox.at('key.pem'));
    await writeFile(sandbox.at('key.pub'), `${key}\n`);
    return new Releases(sandbox, key);
  }

  /** The path of a file with that key. */
  get keyFile(): string {
    return this.#sandbox.at('key.pub');
  }

  /** A feed with this tree, packaged as the next version. @returns its folder. */
  real(): Promise<string> {
    return this.#feed(NEXT_VERSION, `${root}/build/heph-${NEXT_VERSION}-${platform}.tar.gz`);
  }

  /**
   * A feed with a version whose hephd says its version, and does these when it
   * is rehearsed, with a copy of the store at `$3`, and when it is tried. @returns its folder.
   */
  broken(
    version: string,
    { onTrial = 'exit 1', onSelfTest = 'exit 0', shell = '/bin/sh' }: Faults = {},
  ): Promise<string> {
    const script = `#!${shell}
case $1 in
  --version) echo "hephd ${version} (drill)" ;;
  --self-test) ${onSelfTest} ;;
  --trial) ${onTrial} ;;
esac
`;
    return this.holding(version, { VERSION: `${version}\n`, 'bin/hephd': script });
  }

  /**
   * A feed with a version that is these files, all executable.
   * @param feed its name, where another feed has another version of that name.
   * @returns its folder.
   */
  async holding(
    version: string,
    files: Readonly<Record<string, string>>,
    feed = version,
  ): Promise<string> {
    const name = `heph-${version}-${platform}`;
    const tar = pack();
    const mtime = new Date(0);
    for (const [path, text] of Object.entries(files))
      tar.entry({ name: `${name}/${path}`, mode: 0o755, mtime }, text);
    tar.finalize();
    const archive = this.#sandbox.at(`${name}.tar.gz`);
    await writeFile(archive, gzipSync(await buffer(tar as AsyncIterable<Buffer>)));
    return this.#feed(version, archive, feed);
  }

  async #feed(version: string, archive: string, name = version): Promise<string> {
    const feed = this.#sandbox.at(`feed-${name}`);
    await mkdir(feed, { recursive: true });
    await release({
      feed,
      version,
      archives: [archive],
      keys: [this.#sandbox.at('key.pem')],
      nowMs: Date.now(),
      days: 1,
    });
    return feed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#sandbox[Symbol.asyncDispose]();
  }
}
