import { execa } from 'execa';
import { mkdirSync, realpathSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { realPathOf, StoreLock } from '#store/lock.ts';
import { openStore } from '#store/open.ts';
import { StoreError } from '#store/problems.ts';
import { Sandbox } from '../../support/sandbox.ts';

const LOCK = new URL('../../../src/store/lock.ts', import.meta.url).href;

/** Another process that holds the store's lock until it is killed. */
async function holder(dbPath: string) {
  const program = `
    const { StoreLock } = await import(${JSON.stringify(LOCK)});
    const lock = StoreLock.take(${JSON.stringify(dbPath)}, process.pid);
    process.stdout.write('held');
    process.stdin.resume().once('end', () => lock[Symbol.dispose]());`;
  const child = execa(process.execPath, ['--input-type=module', '-e', program], {
    reject: false,
    buffer: false,
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return {
    pid: child.pid ?? 0,
    kill: () => {
      child.kill('SIGKILL');
      return child;
    },
    letGo: () => {
      child.stdin.end();
      return child;
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await child;
    },
  };
}

function refusal(dbPath: string): StoreError {
  try {
    using _lock = StoreLock.take(dbPath, process.pid);
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

test('a store held by another process is refused, and the message names that process', async () => {
  await using sandbox = await Sandbox.make();
  const path = sandbox.at('heph.db');
  await using other = await holder(path);
  const error = refusal(path);
  expect(error.reason).toBe('locked');
  expect(error.message).toBe(
    `cannot open the store ${path}: another hephd (pid ${other.pid}) holds it; stop that one first`,
  );
});

test.each(['kill', 'letGo'] as const)('the lock goes with its holder: %s', async (end) => {
  await using sandbox = await Sandbox.make();
  const path = sandbox.at('heph.db');
  await using other = await holder(path);
  await other[end]();
  using _lock = StoreLock.take(path, process.pid);
  expect(statSync(`${path}.lock`).mode & 0o777).toBe(0o600);
});

test('two names of one store are one lock', async () => {
  await using sandbox = await Sandbox.make();
  const path = sandbox.at('heph.db');
  openStore(path).close();
  symlinkSync(path, sandbox.at('link.db'));
  await using _other = await holder(path);
  expect(refusal(sandbox.at('link.db')).reason).toBe('locked');
});

test('a link to a store that is yet to be made is a name of it, too', async () => {
  await using sandbox = await Sandbox.make();
  const path = sandbox.at('elsewhere', 'heph.db');
  mkdirSync(sandbox.at('elsewhere'));
  symlinkSync('elsewhere/heph.db', sandbox.at('link.db'));
  await using _other = await holder(sandbox.at('link.db'));
  expect(refusal(path).reason).toBe('locked');
});

test('a link in a folder that is a link leads where the system says', async () => {
  await using sandbox = await Sandbox.make();
  mkdirSync(sandbox.at('disk', 'deep'), { recursive: true });
  symlinkSync('disk/deep', sandbox.at('folder'));
  symlinkSync('../heph.db', sandbox.at('disk', 'deep', 'heph.db'));
  const before = realPathOf(sandbox.at('folder', 'heph.db'));
  expect(before).toBe(realpathSync(sandbox.path) + '/disk/heph.db');
});

test('two stores in one folder do not keep each other out', async () => {
  await using sandbox = await Sandbox.make();
  await using _other = await holder(sandbox.at('one.db'));
  using _lock = StoreLock.take(sandbox.at('two.db'), process.pid);
});

test('a damaged lock file is refused by name, with what to do', async () => {
  await using sandbox = await Sandbox.make();
  const path = sandbox.at('heph.db');
  writeFileSync(`${path}.lock`, 'torn by a power cut'.repeat(100));
  const error = refusal(path);
  expect(error.reason).toBe('damaged');
  expect(error.message).toBe(
    `cannot open the store ${path}: its lock file ${path}.lock is damaged; remove that file`,
  );
});
