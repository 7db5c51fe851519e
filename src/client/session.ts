import { ClientError } from '#client/errors.ts';
import { HephError } from '#core/errors.ts';
import { LIMITS } from '#core/node.ts';
import {
  HELLO,
  helloLine,
  PROGRESS,
  requestLine,
  type DaemonHello,
  type Failure,
  type Progress,
  type Success,
} from '#protocol/envelope.ts';
import { LineReader } from '#protocol/framing.ts';
import type { Connection, ConnectionEvents, Dialer } from '#protocol/transport.ts';
import { PROTOCOL } from '#protocol/version.ts';

export interface Limits {
  dialMs: number;
  greetingMs: number;
  answerMs: number;
}

/** The connection went away. */
export class LostError extends Error {
  /** The request had left; whether it was carried out is not known. */
  readonly wasSent: boolean;

  constructor(wasSent: boolean) {
    super('the connection was lost');
    this.wasSent = wasSent;
  }
}

type Answer = Success | Failure;

/** Told how far a long request is, in units of its own. */
export type OnProgress = (done: number, total: number) => void;

interface Waiting extends PromiseWithResolvers<unknown> {
  onProgress: OnProgress | undefined;
  /** What is at work is not silent: its time begins anew. */
  startAnew: () => void;
}

/** One greeted connection: requests out, answers in. */
export class Session implements ConnectionEvents {
  readonly #reader = new LineReader(Number.MAX_SAFE_INTEGER);
  readonly #greeting = Promise.withResolvers<DaemonHello>();
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended = Promise.withResolvers<void>();
  readonly #socket: string;
  readonly #limits: Limits;
  #connection: Connection | null = null;
  #isOpen = true;
  #lastId = 0;
  /** Told of what the daemon says unasked. */
  onNotification: ((method: string, params: unknown) => void) | undefined;

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
    const hello = await session.#limit(limits.greetingMs).on(session.#greeting.promise);
    onHello?.(hello);
    if (hello.protocol !== PROTOCOL) {
      session.close();
      const { protocol: daemon, version } = hello;
      const trouble = {
        code: 'protocol_mismatch',
        daemon,
        client: PROTOCOL,
        daemon_version: version,
      } as const;
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
  request(method: string, params: unknown, onProgress?: OnProgress): Promise<unknown> {
    if (!this.#isOpen) throw new LostError(false);
    const id = ++this.#lastId;
    const line = requestLine(id, method, params);
    const actual =
      line.length > LIMITS.messageBytes / 3 ? new TextEncoder().encode(line).length : 0;
    if (actual > LIMITS.messageBytes) {
      throw new ClientError({ code: 'message_too_long', max: LIMITS.messageBytes, actual });
    }
    const waiting = Promise.withResolvers<unknown>();
    const limit = this.#limit(this.#limits.answerMs);
    this.#waiting.set(id, { ...waiting, onProgress, startAnew: () => limit.timer.refresh() });
    this.#connection?.write(`${line}\n`);
    return limit.on(waiting.promise);
  }

  /** Resolves when the connection has ended, however. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  close(): void {
    this.#connection?.destroy();
  }

  data(chunk: Uint8Array): void {
    try {
      for (const line of this.#reader.push(chunk)) this.#message(line);
    } catch (cause) {
      const why = 'whoever answers there is not hephd';
      this.#fail(new ClientError({ code: 'bad_socket', socket: this.#socket, why }, { cause }));
      this.close();
    }
  }

  closed(): void {
    this.#fail(new LostError(true));
    this.#ended.resolve();
  }

  #fail(error: Error): void {
    this.#isOpen = false;
    this.#greeting.reject(error);
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  /** @throws when it is nothing that hephd would say. */
  #message(line: string): void {
    const message = JSON.parse(line) as Answer & { method?: string; params?: unknown };
    if (message.method === HELLO) this.#greeting.resolve(greetingOf(message.params));
    else if (message.method === PROGRESS) this.#progress(message.params as Progress);
    else if (message.method !== undefined) this.onNotification?.(message.method, message.params);
    else if ('error' in message) this.#failure(message);
    else if ('result' in message) this.#take(message.id)?.resolve(message.result);
  }

  #progress({ id, done, total }: Progress): void {
    const waiting = this.#waiting.get(Number(id));
    waiting?.startAnew();
    waiting?.onProgress?.(done, total);
  }

  #failure(message: Failure): void {
    if (typeof message.error.data?.code !== 'string')
      throw new TypeError('an error without its data');
    const error = new HephError(message.error.data);
    // Without an id it speaks of the connection, and so of all that wait on it.
    const waiting = message.id === null ? [...this.#waiting.values()] : [this.#take(message.id)];
    for (const one of waiting) one?.reject(error);
  }

  #take(id: number | string): Waiting | undefined {
    const waiting = this.#waiting.get(Number(id));
    this.#waiting.delete(Number(id));
    return waiting;
  }

  /** A time that an answer has; when it is over, the connection is ended. */
  #limit(limitMs: number): { timer: NodeJS.Timeout; on: <T>(promise: Promise<T>) => Promise<T> } {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      // First what it was: ending a connection may tell of its end at once.
      reject(new ClientError({ code: 'silent', socket: this.#socket, limit_ms: limitMs }));
      this.close();
    }, limitMs);
    const on = <T>(promise: Promise<T>) =>
      Promise.race([promise, late]).finally(() => clearTimeout(timer));
    return { timer, on };
  }
}

function greetingOf(params: unknown): DaemonHello {
  const hello = params as Partial<DaemonHello> | undefined;
  if (typeof hello?.protocol === 'number' && typeof hello.version === 'string')
    return hello as DaemonHello;
  throw new TypeError('a greeting that says neither protocol nor version');
}
