import { describe, expect, test } from 'vitest';
import type {
  Accept,
  Accepted,
  Connection,
  ConnectionEvents,
  Dialer,
} from '#protocol/transport.ts';

/** What an implementation gives the suite: a way to listen, and a way to reach whoever does. */
export interface TransportHarness extends AsyncDisposable {
  listen(accept: Accept): Promise<Dialer>;
  /** Dials where nobody listens. */
  nobody: Dialer;
}

const LIMIT_MS = 5000;

/** How long to look for what must come, and how often. */
const SOON = { timeout: 20_000, interval: 2 };

/** All that came to one end, and how often it was told of the end. */
class Heard implements ConnectionEvents {
  readonly ended: Promise<void>;
  readonly #end = Promise.withResolvers<void>();
  #chunks: Uint8Array[] = [];
  ends = 0;
  drains = 0;

  constructor() {
    this.ended = this.#end.promise;
  }

  get text(): string {
    return Buffer.concat(this.#chunks).toString();
  }

  get bytes(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  data(chunk: Uint8Array): void {
    if (this.ends > 0) throw new Error('bytes came after the end');
    this.#chunks.push(chunk);
  }

  drained(): void {
    this.drains++;
  }

  closed(): void {
    this.ends++;
    this.#end.resolve();
  }
}

interface End {
  connection: Connection;
  heard: Heard;
}

/** Both ends of one connection: `near` dialled, `far` was accepted. */
async function linked(
  harness: TransportHarness,
): Promise<{ near: End; far: End & { connection: Accepted } }> {
  const accepted = Promise.withResolvers<End & { connection: Accepted }>();
  const dialer = await harness.listen((connection) => {
    const heard = new Heard();
    accepted.resolve({ connection, heard });
    return heard;
  });
  const heard = new Heard();
  const connection = await dialer.dial(heard, LIMIT_MS);
  return { near: { connection, heard }, far: await accepted.promise };
}

/** Time for what must not happen to happen. */
async function turns(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
}

/** What every transport does, whatever it is made of. */
export function transportSuite(name: string, setup: () => Promise<TransportHarness>): void {
  describe(name, () => {
    test('who was dialled hears nothing while it does not want to, and all of it afterwards', async () => {
      await using harness = await setup();
      const { near, far } = await linked(harness);
      far.connection.pause();
      near.connection.write('some');
      await turns();
      near.connection.write(' words');
      await turns();
      expect(far.heard.text).toBe('');
      far.connection.resume();
      await expect.poll(() => far.heard.text, SOON).toBe('some words');
      near.connection.destroy();
      await far.heard.ended;
    });

    describe.each([
      ['who dialled', 'near', 'far'],
      ['who was dialled', 'far', 'near'],
    ] as const)('%s', (_, me, you) => {
      test('sends bytes that arrive whole and in order', async () => {
        await using harness = await setup();
        const ends = await linked(harness);
        const sent = Array.from({ length: 1000 }, (_unused, i) => `${i} é 日 😀\n`);
        for (const part of sent) ends[me].connection.write(part);
        const whole = sent.join('');
        await expect.poll(() => ends[you].heard.bytes, SOON).toBe(Buffer.byteLength(whole));
        expect(ends[you].heard.text).toBe(whole);
        expect(ends[me].heard.bytes).toBe(0);
        ends[me].connection.destroy();
      });

      test('sends eight megabytes, and hears when they have left', async () => {
        await using harness = await setup();
        const ends = await linked(harness);
        ends[me].connection.write('é'.repeat(4 * 1024 * 1024));
        await expect.poll(() => ends[you].heard.bytes, SOON).toBe(8 * 1024 * 1024);
        await expect.poll(() => ends[me].heard.drains, SOON).toBeGreaterThan(0);
        ends[me].connection.destroy();
      });

      test('is told by `write` whether it had to queue, and hears once more that it has left', async () => {
        await using harness = await setup();
        const ends = await linked(harness);
        const { connection, heard } = ends[me];
        let sent = 0;
        // What a kernel takes at once, and whether it does, is the transport's affair.
        for (let round = 0; round < 5; round++) {
          const drains = heard.drains;
          let hadToQueue = false;
          for (let part = 0; part < 64 && !hadToQueue; part++) {
            hadToQueue = connection.write('x'.repeat(64 * 1024));
            sent += 64 * 1024;
          }
          expect(hadToQueue).toBe(true);
          await expect.poll(() => heard.drains, SOON).toBe(drains + 1);
          await expect.poll(() => ends[you].heard.bytes, SOON).toBe(sent);
        }
        expect(connection.write('.')).toBeTypeOf('boolean');
        connection.destroy();
        await heard.ended;
        expect(connection.write('too late')).toBe(false);
      });

      test('hears of no room, where `write` had not to queue', async () => {
        await using harness = await setup();
        const ends = await linked(harness);
        const { connection, heard } = ends[me];
        const hadToQueue = connection.write('a few bytes');
        await expect.poll(() => ends[you].heard.bytes, SOON).toBeGreaterThan(0);
        await turns();
        expect(heard.drains > 0).toBe(hadToQueue);
        connection.destroy();
      });

      test('ends after all it has sent has arrived', async () => {
        await using harness = await setup();
        const ends = await linked(harness);
        ends[me].connection.write('x'.repeat(8 * 1024 * 1024));
        ends[me].connection.write('last words');
        ends[me].connection.end();
        await ends[you].heard.ended;
        expect(ends[you].heard.bytes).toBe(8 * 1024 * 1024 + 'last words'.length);
        expect(ends[you].heard.text.endsWith('xlast words')).toBe(true);
      });

      test.each(['end', 'destroy'] as const)(
        'by %s ends both ends, each once, however often it is said',
        async (how) => {
          await using harness = await setup();
          const { near, far } = await linked(harness);
          const { connection } = me === 'near' ? near : far;
          connection[how]();
          connection[how]();
          await Promise.all([near.heard.ended, far.heard.ended]);
          connection.end();
          connection.destroy();
          await turns();
          expect([near.heard.ends, far.heard.ends]).toEqual([1, 1]);
        },
      );

      test('writes nothing, and does not fail, after the end', async () => {
        await using harness = await setup();
        const ends = await linked(harness);
        ends[me].connection.write('before');
        ends[me].connection.end();
        ends[me].connection.write('after');
        await ends[you].heard.ended;
        await ends[me].heard.ended;
        ends[me].connection.write('long after');
        ends[you].connection.write('long after');
        await turns();
        expect(ends[you].heard.text).toBe('before');
      });
    });

    test('both ends may send at once, much and at length', async () => {
      await using harness = await setup();
      const { near, far } = await linked(harness);
      near.connection.write('n'.repeat(8 * 1024 * 1024));
      far.connection.write('f'.repeat(8 * 1024 * 1024));
      await expect
        .poll(() => [near.heard.bytes, far.heard.bytes], SOON)
        .toEqual([8 * 1024 * 1024, 8 * 1024 * 1024]);
      expect(near.heard.text).not.toContain('n');
      near.connection.destroy();
    });

    test('what is sent while it is being accepted arrives', async () => {
      await using harness = await setup();
      const dialer = await harness.listen((connection) => {
        connection.write('hello');
        return { data: () => undefined, closed: () => undefined };
      });
      const heard = new Heard();
      const connection = await dialer.dial(heard, LIMIT_MS);
      await expect.poll(() => heard.text, SOON).toBe('hello');
      connection.destroy();
    });

    test('two connections do not hear each other', async () => {
      await using harness = await setup();
      const dialer = await harness.listen((connection) => ({
        data: (chunk) => connection.write(Buffer.from(chunk).toString().toUpperCase()),
        closed: () => undefined,
      }));
      const [a, b] = [new Heard(), new Heard()];
      const [toA, toB] = [await dialer.dial(a, LIMIT_MS), await dialer.dial(b, LIMIT_MS)];
      toA.write('one');
      toB.write('two');
      await expect.poll(() => [a.text, b.text], SOON).toEqual(['ONE', 'TWO']);
      toA.destroy();
      await a.ended;
      toB.write('more');
      await expect.poll(() => b.text, SOON).toBe('TWOMORE');
      toB.destroy();
    });

    test('dialling where nobody listens fails, and no end is told of an end', async () => {
      await using harness = await setup();
      const heard = new Heard();
      await expect(harness.nobody.dial(heard, LIMIT_MS)).rejects.toThrow(/\S/);
      await turns();
      expect(heard.ends).toBe(0);
    });
  });
}
