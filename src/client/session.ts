import { ClientError } from '#client/errors.ts';
import { HephError } from '#core/errors.ts';
import { LIMITS } from '#core/node.ts';
import { HELLO, helloLine, requestLine, type DaemonHello, type Failure, type Success } from '#protocol/envelope.ts';
import { LineReader } from '#protocol/framing.ts';
import type { Connection, ConnectionEvents, Dialer } from '#protocol/transport.ts';
import { PROTOCOL } from '#protocol/version.ts';

export interface Limits {
  dialMs: number;
  greetingMs: number;
  answerMs: number;
}

/** The connection went away; whether the request was carried out is not known. */
export class LostError extends Error {}

type Answer = Success | Failure;

/** One greeted connection: requests out, answers in. */
export class Session implements ConnectionEvents {
  readonly #reader = new LineReader(Number.MAX_SAFE_INTEGER);
  readonly #greeting = Promise.withResolvers<DaemonHello>();
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #socket: string;
  readonly #limits: Limits;
  #connection: Connection | null = null;
  #lastId = 0;

  private constructor(socket: string, limits: Limits) {
    this.#socket = socket;
    this.#limits = limits;
    // Whoever awaits it is told; nobody need.
    this.#greeting.promise.catch(() => undefined);
  }

  /**
   * Connect and greet.
   * @throws {ClientError}
   * @throws {LostError} the daemon left before it greeted.
   * @throws the dialer's own error, when nobody listens.
   * @param onHello told of the greeting before it is judged.
   */
  static async open(
    dialer: Dialer,
    socket: string,
    limits: Limits,
    onHello?: (hello: DaemonHello) => void,
  ): Promise<{ session: Session; hello: DaemonHello }> {
    const session = new Session(socket, limits);
    session.#connection = await dialer.dial(session, limits.dialMs);
    const hello = await session.#within(limits.greetingMs, session.#greeting.promise);
    onHello?.(hello);
    if (hello.protocol !== PROTOCOL) {
      session.close();
      const { protocol: daemon, version } = hello;
      const trouble = { code: 'protocol_mismatch', daemon, client: PROTOCOL, daemon_version: version } as const;
      throw new ClientError(trouble);
    }
    session.#connection.write(`${helloLine()}\n`);
    return { session, hello };
  }

  /**
   * Ask, and wait for the answer.
   * @throws {HephError} what the daemon says is wrong.
   * @throws {LostError}
   */
  request(method: string, params: unknown): Promise<unknown> {
    const id = ++this.#lastId;
    const line = requestLine(id, method, params);
    const actual = line.length > LIMITS.messageBytes / 3 ? new TextEncoder().encode(line).length : 0;
    if (actual > LIMITS.messageBytes) {
      throw new ClientError({ code: 'message_too_long', max: LIMITS.messageBytes, actual });
    }
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    this.#connection?.write(`${line}\n`);
    return this.#within(this.#limits.answerMs, waiting.promise);
  }

  close(): void {
    this.#connection?.destroy();
  }

  data(chunk: Uint8Array): void {
    for (const line of this.#reader.push(chunk)) this.#message(line);
  }

  closed(): void {
    const lost = new LostError('the connection was lost');
    this.#greeting.reject(lost);
    for (const { reject } of this.#waiting.values()) reject(lost);
    this.#waiting.clear();
  }

  #message(line: string): void {
    const message = JSON.parse(line) as Answer & { method?: string; params?: DaemonHello };
    if (message.method === HELLO && message.params) this.#greeting.resolve(message.params);
    else if ('error' in message) this.#failure(message);
    else if ('result' in message) this.#take(message.id)?.resolve(message.result);
  }

  #failure(message: Failure): void {
    const error = new HephError(message.error.data);
    // Without an id it speaks of the connection, and so of all that wait on it.
    const waiting = message.id === null ? [...this.#waiting.values()] : [this.#take(message.id)];
    for (const one of waiting) one?.reject(error);
  }

  #take(id: number | string): PromiseWithResolvers<unknown> | undefined {
    const waiting = this.#waiting.get(Number(id));
    this.#waiting.delete(Number(id));
    return waiting;
  }

  async #within<T>(limitMs: number, promise: Promise<T>): Promise<T> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      this.close();
      reject(new ClientError({ code: 'silent', socket: this.#socket, limit_ms: limitMs }));
    }, limitMs);
    try {
      return await Promise.race([promise, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
