import type {
  Accept,
  Accepted,
  Connection,
  ConnectionEvents,
  Dialer,
} from '#protocol/transport.ts';

/** Something that listens, in this process: dial it, and `accept` gets the other end. */
export function memoryDialer(accept: Accept): Dialer {
  return {
    dial: async (events) => {
      const here = new MemoryEnd();
      const there = new MemoryEnd();
      here.link(there);
      there.link(here);
      here.events = events;
      there.events = accept(there);
      return here;
    },
  };
}

/** What `write` hands on is delivered in a later turn, as by a kernel. */
class MemoryEnd implements Accepted {
  events: ConnectionEvents | null = null;
  #other: MemoryEnd | null = null;
  #queue: Uint8Array[] = [];
  #isOpen = true;
  #isEnding = false;
  #isPaused = false;

  link(other: MemoryEnd): void {
    this.#other = other;
  }

  write(text: string): boolean {
    if (!this.#isOpen || this.#isEnding) return false;
    this.#queue.push(Buffer.from(text));
    if (this.#queue.length === 1) setImmediate(() => this.#flush());
    return true;
  }

  end(): void {
    if (this.#isEnding || !this.#isOpen) return;
    this.#isEnding = true;
    if (this.#queue.length === 0) this.#close();
  }

  destroy(): void {
    this.#queue = [];
    this.#close();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    const other = this.#other;
    if (other) setImmediate(() => other.#flush());
  }

  #flush(): void {
    const hadSome = this.#queue.length > 0;
    while (this.#queue.length > 0) {
      // What it does not hear stays here.
      if (this.#other !== null && this.#other.#isPaused) return;
      const chunk = this.#queue.shift();
      if (chunk) this.#other?.events?.data(chunk);
    }
    if (this.#isEnding) this.#close();
    else if (hadSome) this.events?.drained?.();
  }

  #close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    setImmediate(() => this.events?.closed());
    // A socket whose other end has gone ends as well, when it has sent what it had.
    setImmediate(() => this.#other?.end());
  }
}

export interface Message {
  id?: string | number | null;
  method?: string;
  params?: Record<string, unknown>;
  result?: unknown;
  error?: { code: number; message: string; data: { code: string } & Record<string, unknown> };
}

/** One end of a connection in a test's hands: says anything, hears line by line. */
export class Peer implements ConnectionEvents, Disposable {
  readonly ended: Promise<void>;
  readonly #end = Promise.withResolvers<void>();
  readonly #waiting: PromiseWithResolvers<Message>[] = [];
  readonly #heard: Message[] = [];
  #rest = '';
  #connection: Connection | null = null;

  readonly #onMessage: ((message: Message) => void) | undefined;

  constructor(onMessage?: (message: Message) => void) {
    this.ended = this.#end.promise;
    this.#onMessage = onMessage;
  }

  static async dial(dialer: Dialer): Promise<Peer> {
    const peer = new Peer();
    return peer.on(await dialer.dial(peer, 2000));
  }

  on(connection: Connection): this {
    this.#connection = connection;
    return this;
  }

  /** Bytes as they are, no newline added. */
  send(text: string): void {
    this.#connection?.write(text);
  }

  say(message: object): void {
    this.send(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  hello(protocol = 1, version = '0.0.0-test'): void {
    this.say({ method: 'hello', params: { protocol, version } });
  }

  /** The next message that comes; rejects when the connection ends first. */
  next(): Promise<Message> {
    const heard = this.#heard.shift();
    if (heard) return Promise.resolve(heard);
    const waiting = Promise.withResolvers<Message>();
    this.#waiting.push(waiting);
    return waiting.promise;
  }

  /** All that came and was not asked for. */
  get unread(): readonly Message[] {
    return this.#heard;
  }

  hangUp(): void {
    this.#connection?.destroy();
  }

  end(): void {
    this.#connection?.end();
  }

  data(chunk: Uint8Array): void {
    const lines = (this.#rest + Buffer.from(chunk).toString()).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = JSON.parse(line) as Message;
      this.#onMessage?.(message);
      const waiting = this.#waiting.shift();
      if (waiting) waiting.resolve(message);
      else this.#heard.push(message);
    }
  }

  closed(): void {
    for (const { reject } of this.#waiting.splice(0)) reject(new Error('the connection ended'));
    this.#end.resolve();
  }

  [Symbol.dispose](): void {
    this.hangUp();
  }
}

/** What a daemon does with the n-th connection, counted from 0. */
export type Script = (daemon: Peer, nth: number) => void | Promise<void>;

/** Someone who listens and follows a script. `asked` is every request that came. */
export function scriptedDialer(script: Script) {
  const asked: Message[] = [];
  let dials = 0;
  const accept: Accept = (connection) => {
    const daemon = new Peer((message) => message.method !== 'hello' && asked.push(message)).on(
      connection,
    );
    // A script that waits for more when the connection ends has come to its end.
    void Promise.resolve(script(daemon, dials++)).catch(() => undefined);
    return daemon;
  };
  return { accept, dialer: memoryDialer(accept), asked, dials: () => dials };
}

/** Greets, then answers every request with its own method. */
export const willing: Script = async (daemon) => {
  daemon.hello();
  await daemon.next();
  for (;;) {
    const { id, method } = await daemon.next();
    daemon.say({ id, result: method });
  }
};

/** Greets, takes one request, and is gone. */
export const dropping: Script = async (daemon) => {
  daemon.hello();
  await daemon.next();
  await daemon.next();
  daemon.hangUp();
};
