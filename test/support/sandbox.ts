import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A temp folder of one test, removed with all that is in it. Its name is short,
 * because a socket's path has room for 103 bytes.
 */
export class Sandbox implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async make(): Promise<Sandbox> {
    return new Sandbox(await mkdtemp(join(tmpdir(), 'h-')));
  }

  /** The path of something in it. */
  at(...names: string[]): string {
    return join(this.path, ...names);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true, maxRetries: 3 });
  }
}
