import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { http, HttpResponse, passthrough } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openFeed, type FeedLimits } from '#update/feed.ts';
import { UpdateError } from '#update/problem.ts';
import { Sandbox } from '../support/sandbox.ts';

const FEED = 'https://feed.test/heph';
const FILE = 'heph-1.2.3.tar.gz';
const WHOLE = 'ten bytes.';
const ONLY_HERE = 'it must be https://…; http://… is for this machine alone';
const unreadable = (why: string) => `unreachable: cannot read <file>: ${why}`;
const missized = (has: string) =>
  `bad_artifact: cannot use <file>: it has ${has} bytes, and should have 10`;

const mock = setupServer();
beforeAll(() => mock.listen({ onUnhandledFrame: 'error' }));
afterEach(() => (mock.resetHandlers(), vi.useRealTimers()));
afterAll(() => mock.close());

let sandbox: Sandbox;
let to: string;
beforeEach(async () => {
  sandbox = await Sandbox.make();
  to = sandbox.at('download');
  mkdirSync(sandbox.at('feed'));
});
afterEach(() => sandbox[Symbol.asyncDispose]());

/** A feed in a folder. */
function folder(files: Record<string, string> = {}): string {
  for (const [name, text] of Object.entries(files)) writeFileSync(sandbox.at('feed', name), text);
  return pathToFileURL(sandbox.at('feed')).href;
}

/** A real server, for what only a real one does: to stop in the middle. */
async function serving(answer: RequestListener) {
  mock.use(http.all(/^https?:\/\/127\.0\.0\.1:\d+\//, () => passthrough()));
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { address, [Symbol.dispose]: () => (server.closeAllConnections(), server.close()) };
}

function answers(text: string | null, status = 200, headers: Record<string, string> = {}): void {
  mock.use(http.get(`${FEED}/*`, () => new HttpResponse(text, { status, headers })));
}

function take(address: string, limits: Partial<FeedLimits> = {}, size = WHOLE.length) {
  return openFeed(address, { limits }).artifact(FILE, size, to);
}

async function failure(work: Promise<unknown>): Promise<string> {
  const error = await work.catch((reason: unknown) => reason);
  if (!(error instanceof UpdateError)) throw new Error('it did not fail so', { cause: error });
  return `${error.code}: ${error.message}`;
}

/** Why a file is not taken; nothing of it is left. */
async function refusal(address: string, limits?: Partial<FeedLimits>, size?: number) {
  const why = await failure(take(address, limits, size));
  expect(existsSync(to)).toBe(false);
  return why.replace(`${address}/${FILE}`, '<file>');
}

describe('what is there', () => {
  test.each(['', '/'])('comes as it is, from an address with "%s" at its end', async (end) => {
    const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0xff, 0x0d, 0x0a, 0x7d]);
    mock.use(http.get(`${FEED}/manifest.json`, () => new HttpResponse(bytes)));
    mock.use(http.get(`${FEED}/manifest.json.sig`, () => new HttpResponse('one\ntwo\n')));
    mock.use(http.get(`${FEED}/${FILE}`, () => new HttpResponse(WHOLE)));
    expect(await openFeed(FEED + end).manifest()).toEqual({ bytes, signature: 'one\ntwo\n' });
    const sha512 = createHash('sha512').update(WHOLE).digest('hex');
    expect(await take(FEED + end)).toEqual({ sha512 });
    expect(readFileSync(to, 'utf8')).toBe(WHOLE);
    expect(statSync(to).mode & 0o777).toBe(0o600);
  });

  test('is asked for by its name, and no more is told than must be', async () => {
    const asked: unknown[] = [];
    using server = await serving(({ url, headers }, out) => {
      const { cookie, referer, 'accept-encoding': form, 'cache-control': cache } = headers;
      asked.push(url, form, cache, cookie ?? referer);
      out.end(WHOLE);
    });
    await openFeed(server.address).artifact('a b+c:d?é#.gz', WHOLE.length, to);
    expect(asked).toEqual(['/a%20b%2Bc%3Ad%3F%C3%A9%23.gz', 'identity', 'no-cache', undefined]);
  });

  test('may be large; no timer is left behind', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const large = 'x'.repeat(200_000);
    const feed = folder({ [FILE]: large, 'manifest.json': large, 'manifest.json.sig': '' });
    await take(feed, {}, large.length);
    expect(readFileSync(to, 'utf8') === large).toBe(true);
    rmSync(to);
    expect((await openFeed(feed).manifest()).bytes).toHaveLength(large.length);
    await refusal(`${feed}/none`);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('an answer that is refused', () => {
  const COMPRESSED = unreadable('it comes compressed');
  test.each([
    ['404', () => answers('not found', 404), unreadable('it answers 404')],
    ['500', () => answers('oh', 500), unreadable('it answers 500')],
    ['a part', () => answers(WHOLE, 206), unreadable('it answers 206')],
    ['compressed', () => answers(WHOLE, 200, { 'content-encoding': 'gzip' }), COMPRESSED],
    ['too short', () => answers('ten ', 200, { 'content-length': '4' }), missized('4')],
    ['too large', () => answers(`${WHOLE}..`, 200, { 'content-length': '12' }), missized('12')],
    ['misnumbered', () => answers(WHOLE, 200, { 'content-length': '11' }), missized('11')],
  ])('%s', async (_, arrange, why) => {
    arrange();
    expect(await refusal(FEED)).toBe(why);
  });

  const TEN = { 'content-length': 10 };
  const CUT = expect.stringMatching(/: cannot read <file>: (other side closed|read ECONNRESET)$/);
  const STALLED = unreadable('nothing came for 0.05 s');
  const LATE = unreadable('it took longer than 0.1 s');
  const cut = (out: ServerResponse) => setTimeout(() => out.destroy(), 20);
  const drip = (out: ServerResponse, ms: number) => {
    const timer = setInterval(() => out.write('x'), ms);
    out.once('close', () => clearInterval(timer));
  };
  test.each<[string, (out: ServerResponse) => unknown, Partial<FeedLimits>, unknown]>([
    ['cut', (out) => out.writeHead(200, TEN).write('ten ', () => cut(out)), {}, CUT],
    ['cut, in chunks', (out) => out.write('ten ', () => cut(out)), {}, CUT],
    ['cut before it begins', (out) => out.destroy(), {}, CUT],
    ['not coming', () => 0, { stallMs: 50 }, STALLED],
    ['stalled', (out) => out.writeHead(200, TEN).write('ten '), { stallMs: 50 }, STALLED],
    ['slow', (out) => drip(out.writeHead(200, TEN), 50), { artifactMs: 100 }, LATE],
    ['endless, of no known size', (out) => drip(out, 5), {}, missized('more than 10')],
    ['short, of no known size', (out) => (out.write('ten '), out.end()), {}, missized('4')],
  ])('a real one that is %s', async (_, answer, limits, why) => {
    using server = await serving((_request, out) => void answer(out));
    expect(await refusal(server.address, limits)).toEqual(why);
  });

  test.each([
    ['101', { 'content-length': 101 }],
    ['more than 100', {}],
  ])('a manifest of %s bytes', async (has, head) => {
    using server = await serving((_, out) => out.writeHead(200, head).end('x'.repeat(101)));
    const feed = openFeed(server.address, { limits: { manifestBytes: 100 } });
    const why = `/manifest.json: it has ${has} bytes, and should have at most 100`;
    expect(await failure(feed.manifest())).toBe(`bad_manifest: cannot use ${server.address}${why}`);
  });

  test('nobody there, or nobody who speaks TLS', async () => {
    const server = await serving(() => undefined);
    const secure = await refusal(server.address.replace('http:', 'https:'));
    expect(secure).toMatch(/^unreachable: cannot read <file>: .*wrong version number/);
    server[Symbol.dispose]();
    expect(await refusal(server.address)).toMatch(/: cannot read <file>: connect ECONNREFUSED/);
  });
});

describe('a redirect', () => {
  const leads = (from: string, location: string, status = 302) =>
    mock.use(http.get(from, () => new HttpResponse(null, { status, headers: { location } })));

  test.each([301, 302, 303, 307, 308])('%i is followed', async (status) => {
    leads(`${FEED}/${FILE}`, '//cdn.test/a?signed=yes', status);
    mock.use(http.get('https://cdn.test/a', () => new HttpResponse(WHOLE)));
    await take(FEED);
    expect(readFileSync(to, 'utf8')).toBe(WHOLE);
  });

  test.each([5, 6])('may be the fifth; of %i', async (count) => {
    const at = (hop: number) => (hop === 0 ? `${FEED}/${FILE}` : `https://hop.test/${hop}`);
    for (let hop = 0; hop < count; hop++) leads(at(hop), at(hop + 1));
    mock.use(http.get(at(count), () => new HttpResponse(WHOLE)));
    if (count === 5) return void (await take(FEED));
    expect(await refusal(FEED)).toMatch(/<file> by way of .*: it leads on more than 5 times$/);
  });

  test.each([
    ['http://cdn.test/a', 'to http://cdn.test: it must be https://…'],
    ['http://127.0.0.1:9/a', 'to http://127.0.0.1:9: it must be https://…'],
    ['file:///etc/passwd', 'to file://: it must be https://…'],
    ['data:,ten%20bytes.', 'to data://: it must be https://…'],
    ['https://u:p@cdn.test/a', 'to https://cdn.test: it must not have a user or a password'],
    ['https://:0', 'nowhere'],
  ])('to %s is not followed', async (location, why) => {
    leads(`${FEED}/*`, location);
    expect(await refusal(FEED)).toBe(unreadable(`it leads ${why}`));
  });

  test.each([
    [{ location: 'http://cdn.test/a' }, `to http://cdn.test: ${ONLY_HERE}`],
    [{ location: 'file:///etc/passwd' }, 'to file://: it must be https://…'],
    [{}, 'nowhere'],
  ])('from this machine to %o is not followed', async (headers, why) => {
    using server = await serving((_, out) => out.writeHead(302, headers).end());
    expect(await refusal(server.address)).toBe(unreadable(`it leads ${why}`));
  });
});

test.each<[string, (path: string) => unknown, string]>([
  ['missing', () => 0, unreadable('ENOENT: no such file or directory')],
  ['a folder', (path) => mkdirSync(path), unreadable('it is not a plain file')],
  ['a pipe', (path) => execFileSync('mkfifo', [path]), unreadable('it is not a plain file')],
  ['a device', (path) => symlinkSync('/dev/zero', path), unreadable('it is not a plain file')],
  ['too large', (path) => writeFileSync(path, `${WHOLE}.`), missized('11')],
  ['too short', (path) => writeFileSync(path, 'ten bytes'), missized('9')],
])('a folder whose file is %s', async (_, make, why) => {
  make(sandbox.at('feed', FILE));
  expect(await refusal(folder())).toBe(why);
});

test.each([11, Number.NaN, -1])('%d bytes are refused, where 10 are the most', async (size) => {
  const why = `the manifest says ${size} bytes, and 10 is the most`;
  const refused = await refusal(folder({ [FILE]: WHOLE }), { artifactBytes: 10 }, size);
  expect(refused).toBe(`bad_artifact: cannot use <file>: ${why}`);
});

test('a name that is none is refused', async () => {
  const feed = openFeed(folder());
  const odd = ['a\\b', 'a%2fb', 'a\0', 'a\n', 'a\x85', 'a\ud800', 'é'.repeat(128)];
  for (const name of ['', '.', '.a', 'a/b', '/a', ...odd]) {
    const why = await failure(feed.artifact(name, 10, to));
    expect(why).toMatch(/^bad_manifest: cannot take "\P{Cc}*" from the feed: it is no plain name/u);
  }
  expect(existsSync(to)).toBe(false);
});

test.each([
  ['none/file', 'ENOENT: no such file or directory'],
  ['mine', 'EEXIST: file already exists'],
])('a disk that does not take %s', async (name, why) => {
  writeFileSync(sandbox.at('mine'), 'dear diary');
  to = sandbox.at(name);
  const failed = await failure(take(folder({ [FILE]: WHOLE })));
  expect(failed).toBe(`no_room: cannot write ${to}: ${why}`);
  expect(readFileSync(sandbox.at('mine'), 'utf8')).toBe('dear diary');
});

test.each(['appendFile', 'sync'] as const)('a disk that is full as late as at %s', async (call) => {
  await using file = await open('/dev/null');
  const full = Object.assign(new Error('ENOSPC: no space left, write'), { code: 'ENOSPC' });
  vi.spyOn(Object.getPrototypeOf(file) as FileHandle, call).mockRejectedValueOnce(full);
  const why = `no_room: cannot write ${to}: ENOSPC: no space left`;
  expect(await refusal(folder({ [FILE]: WHOLE }))).toBe(why);
});

test.each(['before its answer', 'in its body'])('told to stop %s, all stops', async (when) => {
  const stop = new AbortController();
  const reason = new Error('the daemon leaves');
  using server = await serving((_, out) => {
    if (when === 'in its body') out.write('ten ');
    setTimeout(() => stop.abort(reason), 20);
  });
  const { signal } = stop;
  const started = openFeed(server.address, { signal }).artifact(FILE, WHOLE.length, to);
  await expect(started).rejects.toBe(reason);
  await expect(openFeed(folder({ [FILE]: WHOLE }), { signal }).manifest()).rejects.toBe(reason);
  expect(existsSync(to)).toBe(false);
});
