import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const HEPH = fileURLToPath(new URL('../../src/bin/heph.ts', import.meta.url));

export interface HephBuild {
  name: string;
  /** The program and its first words. */
  command: readonly [string, ...string[]];
}

/** The clients there are to test: the working tree, and the compiled one that `HEPH_TEST_CLIENT` names. */
export const builds: readonly HephBuild[] = [
  { name: 'source', command: [process.execPath, HEPH] },
  ...compiled(),
];

function compiled(): HephBuild[] {
  const path = process.env['HEPH_TEST_CLIENT'] || undefined;
  if (path === undefined) return [];
  if (!existsSync(path))
    throw new Error(`cannot find the client that HEPH_TEST_CLIENT names: ${path}`);
  return [{ name: 'compiled', command: [path] }];
}

/** What a run of `heph` came to. */
interface Ran {
  code: number | undefined;
  stdout: string;
  stderr: string;
  /** All of stdout, as the one JSON document that it must be. */
  json<T>(): T;
}

interface HephOptions {
  input?: string | Uint8Array;
  cwd?: string;
  env?: Readonly<Record<string, string>>;
}

export type Heph = (args: readonly string[], options?: HephOptions) => Promise<Ran>;

/** `heph` of this build, pointed at that socket and at no home of anybody's. */
export function hephOn(socket: string, build: HephBuild = source()): Heph {
  const [program, ...words] = build.command;
  return async (args, { input = '', cwd = process.cwd(), env = {} } = {}) => {
    const { exitCode, stdout, stderr } = await execa(program, [...words, ...args], {
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: '/nonexistent',
        TZ: 'UTC',
        HEPH_SOCKET: socket,
        ...env,
      },
      cwd,
      extendEnv: false,
      reject: false,
      stripFinalNewline: false,
      maxBuffer: 64 * 1024 * 1024,
      input,
    });
    return { code: exitCode, stdout, stderr, json: <T>() => JSON.parse(stdout) as T };
  };
}

function source(): HephBuild {
  const [first] = builds;
  if (!first) throw new Error('there is no client to test');
  return first;
}
