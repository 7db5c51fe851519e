import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import type * as FsPromises from 'node:fs/promises';
import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { unpack } from '#update/archive.ts';
import { UpdateError } from '#update/problem.ts';
import { bin, file, heph, inRoot, Place, PROPER, ROOT, tarOf, tree } from './archives.ts';

/** Told of each call before it is made, with how many of its name came before; may throw. */
const disk = vi.hoisted(() => ({
  on: (_call: string, _before: number): void => undefined,
  calls: new Map<string, number>(),
  synced: [] as string[],
  written: 0,
}));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof FsPromises>();
  const tell = (call: string) => {
    const before = disk.calls.get(call) ?? 0;
    disk.calls.set(call, before + 1);
    disk.on(call, before);
  };
  const mkdir = async (path: string, options: { mode: number }) => {
    tell('mkdir');
    await real.mkdir(path, options);
  };
  const open = async (path: string, ...how: [string, number?]) => {
    tell('open');
    const handle = await real.open(path, ...how);
    const writeFile = handle.writeFile.bind(handle);
    return Object.assign(handle, {
      writeFile: async (bytes: Buffer) => {
        tell('write');
        disk.written += bytes.length;
        await writeFile(bytes);
      },
      sync: async () => {
        tell('sync');
        disk.synced.push(path);
      },
    });
  };
  return { ...real, mkdir, open };
});

let place: Place;
beforeEach(async () => {
  place = await Place.make();
});
afterEach(async () => {
  Object.assign(disk, { on: () => undefined, calls: new Map(), synced: [], written: 0 });
  await place[Symbol.asyncDispose]();
});

const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8);

describe('a proper archive', () => {
  test('is unpacked without the name of its folder, for nobody else to read', async () => {
    const long = `${'d'.repeat(90)}/${'f'.repeat(200)}`;
    const more = [
      file(`${ROOT}/lib/node`, { mode: 0o4755 }),
      file(`${ROOT}/lib/${long}`, { mode: 0o7677 }),
      file(`${ROOT}/lib/grüße`, { mode: 0o644, content: 'ab'.repeat(100_000) }),
      { name: `${ROOT}/lib/`, type: 'directory' as const, mode: 0 },
      file(`${ROOT}/empty`, { content: '', mode: 0o011 }),
    ];
    await place.unpack(gzipSync(await tarOf([...PROPER, ...more])));
    expect(tree(place.to)).toEqual({
      bin: '700 /',
      'bin/heph': '700 #!/bin/sh\n',
      lib: '700 /',
      'lib/node': '700 x',
      [dirname(`lib/${long}`)]: '700 /',
      [`lib/${long}`]: '600 x',
      'lib/grüße': `600 ${'ab'.repeat(100_000)}`,
      empty: '600 ',
    });
    expect(modeOf(place.to)).toBe('700');
    const others = place.there().filter((path) => !path.startsWith('a/b/c/to'));
    expect(others).toEqual(place.others());
  });

  test('is on the disk, what is in a folder before the folder', async () => {
    await place.unpack(gzipSync(await tarOf([...PROPER, ...inRoot('lib/x/y')])));
    const paths = ['/bin/heph', '/lib/x/y', '/lib/x', '/lib', '/bin', ''];
    expect(disk.synced).toEqual([...paths.map((path) => place.to + path), dirname(place.to)]);
  });

  test('may have names as long as any', async () => {
    const names = [`${'x/'.repeat(501)}x`, 'x'.repeat(255), '€'.repeat(85)];
    expect(`${ROOT}/${names[0]}`).toHaveLength(1024);
    await place.unpack(gzipSync(await tarOf(inRoot(...names))));
    expect(Object.keys(tree(place.to))).toEqual(expect.arrayContaining(names));
  });

  test('may be packed in several parts, and filled up with zeros', async () => {
    const tar = await tarOf(PROPER);
    const parts = [tar.subarray(0, 700), tar.subarray(700), Buffer.alloc(10_240)];
    await place.unpack(Buffer.concat(parts.map((part) => gzipSync(part))));
    expect(Object.keys(tree(place.to)).toSorted()).toEqual(['bin', 'bin/heph']);
  });
});

describe('an archive may hold no more than', () => {
  test('the bytes that are allowed, all files together', async () => {
    const bytes = gzipSync(await tarOf([heph, file(`${ROOT}/x`, { content: 'x'.repeat(990) })]));
    const said = await place.refusal(bytes, { maxBytes: 999 });
    expect(said).toMatch(/archive\.tar\.gz: it holds more than 999 bytes$/);
    await place.unpack(bytes, { maxBytes: 1000 });
  });

  test.each([
    ['as entries', [...PROPER, bin, ...inRoot('x')].filter((_, at) => at !== 3), 4],
    ['as folders that have no entry', inRoot('a/b/c/x', 'a/b/y'), 6],
  ])('the files and folders that are allowed, %s', async (_, entries, maxEntries) => {
    const bytes = gzipSync(await tarOf(entries));
    const said = await place.refusal(bytes, { maxEntries: maxEntries - 1 });
    expect(said).toMatch(`there are more than ${maxEntries - 1} files and folders in it`);
    await place.unpack(bytes, { maxEntries });
  });

  /** Whoever reads on to its end finds that it is damaged. */
  const bomb = (tar: Buffer) => {
    const bytes = gzipSync(tar);
    return bytes.fill(0, bytes.length - 8);
  };
  const MANY = 16 * 1024 * 1024;
  const limits = { maxBytes: 1_000_000, maxEntries: 10 };

  test('that when it is a bomb: it is read no further', async () => {
    const tar = await tarOf([heph, file(`${ROOT}/x`, { content: Buffer.alloc(MANY) })]);
    expect(await place.refusal(bomb(tar), limits)).toMatch('more than 1000000 bytes');
    expect(disk.written).toBeGreaterThan(900_000);
    expect(disk.written).toBeLessThanOrEqual(1_000_000);
  });

  test('that when it is a bomb of nothing', async () => {
    const tar = Buffer.concat([await tarOf(PROPER), Buffer.alloc(MANY)]);
    expect(await place.refusal(bomb(tar), limits)).toMatch(/holds more than \d+ bytes$/);
  });
});

describe('when the file system says no, nothing is left', () => {
  const cases = Object.entries({ mkdir: 2, open: 4, write: 1, sync: 4 }).flatMap(([call, times]) =>
    Array.from({ length: times }, (_, before): [string, number] => [call, before]),
  );
  const failing = async (call: string, before: number, code: string) => {
    disk.calls.clear();
    disk.on = (name, count) => {
      if (name !== call || count !== before) return;
      throw Object.assign(new Error(`${code}!`), { code, syscall: call });
    };
    return place.failure(gzipSync(await tarOf([bin, heph])));
  };

  test.each(cases)('to %s after %i', async (call, before) => {
    for (const code of ['ENOSPC', 'EDQUOT']) {
      const error = (await failing(call, before, code)) as UpdateError;
      expect(error).toBeInstanceOf(UpdateError);
      expect(error.code).toBe('no_room');
      const why = 'there is no room on its disk; make some';
      expect(error.message).toBe(`cannot unpack into ${place.to}: ${why}`);
    }
    const other = await failing(call, before, 'EIO');
    expect(other).not.toBeInstanceOf(UpdateError);
    expect(other).toMatchObject({ code: 'EIO', message: 'EIO!' });
  });

  test('since the archive is not there', async () => {
    rmSync(place.archive, { force: true });
    const unpacked = unpack(place.archive, place.to, { name: ROOT });
    await expect(unpacked).rejects.toMatchObject({ code: 'ENOENT', path: place.archive });
    expect(place.there()).not.toContain('a/b/c/to');
  });

  test('since there is no folder for it', async () => {
    rmSync(dirname(place.to), { recursive: true });
    const unpacked = place.unpack(gzipSync(await tarOf(PROPER)));
    await expect(unpacked).rejects.toMatchObject({ code: 'ENOENT', path: place.to });
    expect(place.there()).toEqual(['a', 'a/b', 'archive.tar.gz']);
  });
});

describe('what is there is neither filled nor removed:', () => {
  test.each<[string, (path: string) => void]>([
    ['a file', (path) => writeFileSync(path, 'mine')],
    ['an empty folder', (path) => mkdirSync(path)],
    ['a folder', (path) => void [mkdirSync(path), writeFileSync(`${path}/x`, 'mine')]],
    ['a link to a folder', (path) => symlinkSync('..', path)],
  ])('%s', async (_, make) => {
    make(place.to);
    const before = place.there();
    const unpacked = place.unpack(gzipSync(await tarOf(PROPER)));
    await expect(unpacked).rejects.toMatchObject({ code: 'EEXIST' });
    expect(place.there().filter((path) => path !== 'archive.tar.gz')).toEqual(before);
  });

  test('a file beside it', async () => {
    const beside = `${dirname(place.to)}/x`;
    writeFileSync(beside, 'mine');
    await place.unpack(gzipSync(await tarOf([...PROPER, ...inRoot('x')])));
    expect(readFileSync(beside, 'utf8')).toBe('mine');
  });
});

describe('told to stop, it says why, and nothing is left', () => {
  const reason = new Error('leaving');

  test('before it began', async () => {
    const bytes = gzipSync(await tarOf(PROPER));
    expect(await place.failure(bytes, { signal: AbortSignal.abort(reason) })).toBe(reason);
    expect(disk.calls.size).toBe(0);
  });

  test.each([
    ['mkdir', 0],
    ['mkdir', 1],
    ['open', 0],
    ['write', 0],
    ['sync', 0],
    ['open', 1],
    ['sync', 1],
    ['sync', 3],
  ])('at %s after %i', async (call, before) => {
    const controller = new AbortController();
    disk.on = (name, count) => {
      if (name === call && count === before) controller.abort(reason);
    };
    const bytes = gzipSync(
      await tarOf([...PROPER, file(`${ROOT}/x`, { content: 'x'.repeat(1e6) })]),
    );
    expect(await place.failure(bytes, { signal: controller.signal })).toBe(reason);
  });
});
