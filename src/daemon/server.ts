import type { Problem } from '#core/errors.ts';
import { LIMITS } from '#core/node.ts';
import type { Peer } from '#daemon/peer.ts';
import {
  failureLine,
  HELLO,
  helloLine,
  notificationLine,
  type Request,
  type RequestId,
} from '#protocol/envelope.ts';
import { LineReader, LineTooLongError } from '#protocol/framing.ts';
import type { Accept, Accepted, ConnectionEvents } from '#protocol/transport.ts';
import { PROTOCOL } from '#protocol/version.ts';

export interface ServerOptions {
  pid: number;
  startedAtMs: number;
  /** Answers a request with a line; never rejects. */
  dispatch(request: Request, peer: Peer): Promise<string>;
}

/** How long a client that broke the rules may take to read why. */
const FAREWELL_MS = 5000;

/** How long one that is let go may take to go. What it has not read by then, it asks for again. */
const LINGER_MS = 2000;

/** What one client may have waiting for it, or asked and not answered, before it is heard no more: a message may be as long. */
const WAITING_CHARS = LIMITS.messageBytes;
const RUNNING_MAX = 1000;

/** Greets, reads lines, hands requests on, and sees every one answered before it ends. */
export class Server {
  readonly #options: ServerOptions;
  readonly #sessions = new Set<Session>();
  #draining = false;

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  readonly accept: Accept = (connection) => {
    const session = new Session(connection, this.#options, () => this.#sessions.delete(session));
    this.#sessions.add(session);
    if (this.#draining) session.drain();
    return session;
  };

  /**
   * Finish what has begun, then end every connection. Resolves when all are
   * gone; those that linger are cut after `limitMs`.
   */
  async drain(limitMs: number): Promise<void> {
    this.#draining = true;
    const sessions = [...this.#sessions];
    for (const session of sessions) session.drain();
    const cut = setTimeout(() => {
      for (const session of sessions) session.cut();
    }, limitMs);
    await Promise.all(sessions.map((session) => session.gone));
    clearTimeout(cut);
  }
}

/** One client's connection. */
class Session implements ConnectionEvents {
  readonly #connection: Accepted;
  readonly #options: ServerOptions;
  readonly #reader = new LineReader(LIMITS.messageBytes);
  readonly #gone = Promise.withResolvers<void>();
  readonly #onGone: () => void;
  readonly #left = new AbortController();
  /** Resolved when what was queued has left. */
  #room: PromiseWithResolvers<void> | null = null;
  #greeted = false;
  #running = 0;
  /** How long what is running was as it came, in characters: a change may wait its turn for a while. */
  #asked = 0;
  /** About what has been sent and not read, in characters. */
  #unread = 0;
  #hears = true;
  #state: 'open' | 'draining' | 'ended' = 'open';

  constructor(connection: Accepted, options: ServerOptions, onGone: () => void) {
    this.#connection = connection;
    this.#options = options;
    this.#onGone = onGone;
    const { pid, startedAtMs } = options;
    this.#send(helloLine({ pid, started_at: startedAtMs }));
  }

  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  data(chunk: Uint8Array): void {
    if (this.#state === 'ended') return;
    try {
      for (const line of this.#reader.push(chunk)) this.#line(line);
    } catch (error) {
      if (!(error instanceof LineTooLongError)) throw error;
      const { maxBytes: max } = error;
      this.#dismiss({ code: 'too_long', field: 'message', max, actual: max + 1, unit: 'bytes' });
    }
  }

  drained(): void {
    this.#unread = 0;
    this.#room?.resolve();
    this.#room = null;
    this.#hearIfRoom();
  }

  closed(): void {
    this.#state = 'ended';
    this.drained();
    this.#left.abort();
    this.#onGone();
    this.#gone.resolve();
  }

  drain(): void {
    if (this.#state === 'open') this.#state = 'draining';
    this.#endIfIdle();
  }

  cut(): void {
    this.#connection.destroy();
  }

  #line(line: string): void {
    if (this.#state === 'ended') return;
    const message = parse(line);
    if (message === null) {
      this.#send(failureLine(null, { code: 'malformed', detail: 'not a JSON-RPC 2.0 message' }));
    } else if (message.method === HELLO) {
      this.#hello(message.params);
    } else if (message.id === undefined) {
      // A notification we do not know: JSON-RPC has no answer to those.
    } else if (!this.#greeted) {
      const detail = `say ${HELLO} first`;
      this.#dismiss({ code: 'malformed', detail }, message.id);
    } else {
      void this.#request({ ...message, id: message.id }, line.length);
    }
  }

  #hello(params: unknown): void {
    const client = (params as { protocol?: unknown } | undefined)?.protocol;
    if (client === PROTOCOL) {
      this.#greeted = true;
      return;
    }
    const spoken = typeof client === 'number' ? client : 0;
    this.#dismiss({ code: 'protocol_mismatch', daemon: PROTOCOL, client: spoken });
  }

  async #request(request: Request, chars: number): Promise<void> {
    if (this.#state === 'draining') {
      this.#send(failureLine(request.id, { code: 'draining' }));
      return;
    }
    this.#running++;
    this.#asked += chars;
    this.#hearIfRoom();
    this.#send(await this.#options.dispatch(request, this.#peer(request.id)));
    this.#running--;
    this.#asked -= chars;
    this.#hearIfRoom();
    this.#endIfIdle();
  }

  #peer(request: RequestId): Peer {
    return {
      request,
      notify: (method, params) => this.#send(notificationLine(method, params)),
      ready: () => this.#room?.promise ?? Promise.resolve(),
      gone: this.#left.signal,
      end: () => this.drain(),
    };
  }

  #endIfIdle(): void {
    if (this.#state !== 'draining' || this.#running > 0) return;
    this.#leave(LINGER_MS);
  }

  /** Say why, then listen no more. What still arrives is thrown away, so that the reason can be read. */
  #dismiss(problem: Problem, id: RequestId | null = null): void {
    this.#send(failureLine(id, problem));
    this.#leave(FAREWELL_MS);
  }

  /** One that is stopped, or does not read, ends nothing: it must not keep the daemon from leaving. */
  #leave(limitMs: number): void {
    this.#state = 'ended';
    this.#connection.end();
    const cut = setTimeout(() => this.#connection.destroy(), limitMs);
    void this.gone.then(() => clearTimeout(cut));
  }

  #send(line: string): void {
    const isQueued = this.#connection.write(`${line}\n`);
    if (!isQueued) return;
    this.#room ??= Promise.withResolvers();
    this.#unread += line.length;
    this.#hearIfRoom();
  }

  /** Who asks and does not read, or asks faster than can be answered, is let wait: the daemon's memory is for all. */
  #hearIfRoom(): void {
    const hasRoom =
      Math.max(this.#unread, this.#asked) < WAITING_CHARS && this.#running < RUNNING_MAX;
    if (hasRoom === this.#hears) return;
    this.#hears = hasRoom;
    if (hasRoom) this.#connection.resume();
    else this.#connection.pause();
  }
}

type Message = Omit<Request, 'id'> & { id?: RequestId };

function parse(line: string): Message | null {
  try {
    const message = JSON.parse(line) as Partial<Message> | null;
    const isMessage =
      typeof message === 'object' &&
      message?.jsonrpc === '2.0' &&
      typeof message.method === 'string';
    const isId = message?.id === undefined || ['string', 'number'].includes(typeof message.id);
    return isMessage && isId ? (message as Message) : null;
  } catch {
    return null;
  }
}
