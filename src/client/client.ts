import { ClientError } from '#client/errors.ts';
import { Heard } from '#client/heard.ts';
import { LostError, Session, type Limits, type OnProgress } from '#client/session.ts';
import { HephError } from '#core/errors.ts';
import { CHANGED, type DaemonHello } from '#protocol/envelope.ts';
import type { ChangeEvent } from '#protocol/history.ts';
import type { MethodName, MutatingMethod, Params, Result } from '#protocol/methods.ts';
import type { Dialer } from '#protocol/transport.ts';

export interface ClientOptions {
  dialer: Dialer;
  /** For messages. */
  socket: string;
  /** Until when to wait for a daemon that is being replaced; epoch milliseconds. */
  handOverUntil(): number;
  /** Told once, when the first connection is greeted, unless a daemon had to be waited for. */
  onHello?: ((hello: DaemonHello) => void) | undefined;
  /** Told now and then while a change takes long, unless its progress is asked for. */
  onWait?: (() => void) | undefined;
  limits?: Limits;
}

/** What takes longer than this to answer says every two seconds that it is at work, and is waited for. */
const LIMITS: Limits = { dialMs: 2000, greetingMs: 5000, answerMs: 45_000 };

/** Pause between two tries while the daemon is being replaced. */
const RETRY_MS = 20;

/** How long somebody who watches waits for a daemon that has gone. */
const PATIENCE_MS = 60_000;

/**
 * Asks the daemon, typed by the method table; never starts it. While a
 * hand-over is announced it waits for the next daemon and asks again: a
 * mutation carries a request id, so that it is done once however often asked.
 */
export class Client {
  readonly #options: ClientOptions;
  #session: Promise<Session> | null = null;
  #current: Session | null = null;
  #hasGreeted = false;
  #hasChanged = false;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** @throws {HephError} the daemon's answer. @throws {ClientError} no answer. */
  read<M extends Exclude<MethodName, MutatingMethod>>(
    method: M,
    params: Params<M>,
    onProgress?: OnProgress,
  ): Promise<Result<M>> {
    return this.#ask(method, params, onProgress) as Promise<Result<M>>;
  }

  /** A change has been acknowledged. */
  get hasChanged(): boolean {
    return this.#hasChanged;
  }

  /** As {@link read}. The change is made once, or not at all. */
  async change<M extends MutatingMethod>(
    method: M,
    params: Params<M>,
    onProgress: OnProgress | undefined = this.#options.onWait,
  ): Promise<Result<M>> {
    const request = { ...params, request_id: crypto.randomUUID() };
    const result = (await this.#ask(method, request, onProgress)) as Result<M>;
    this.#hasChanged = true;
    return result;
  }

  /**
   * Every change after `since`, or from now on, for as long as somebody asks:
   * through restarts of the daemon as well, without a gap. Null says that it has
   * (again) begun to listen, and that what was known before may be old.
   * @throws {ClientError} nobody answers, or nobody does any more.
   */
  async *changes(since?: number): AsyncGenerator<ChangeEvent | null> {
    let seq = since;
    let session = await this.#connected(false);
    for (;;) {
      const heard = new Heard<ChangeEvent>();
      session.onNotification = (method, params) => {
        if (method === CHANGED) heard.push(params as ChangeEvent);
      };
      void session.ended.then(() => heard.end());
      const begun = await this.#listen(session, seq);
      if (begun !== null) {
        seq = begun;
        yield null;
      }
      for await (const event of heard) {
        seq = event.seq;
        yield event;
      }
      this.#forget(session);
      session = await this.#connectedAgain();
    }
  }

  /** @returns where the daemon begins; null when the connection was lost at once. */
  async #listen(session: Session, seq: number | undefined): Promise<number | null> {
    try {
      const params = seq === undefined ? {} : { since: seq };
      const begun = (await session.request('history.watch', params)) as Result<'history.watch'>;
      return begun.seq;
    } catch (error) {
      if (!isLoss(error)) throw error;
      session.close();
      return null;
    }
  }

  /** The manager starts a daemon again that ended by itself: it is waited for. */
  async #connectedAgain(): Promise<Session> {
    const untilMs = Date.now() + PATIENCE_MS;
    for (;;) {
      try {
        return await this.#connected(false);
      } catch (error) {
        const isGone = error instanceof ClientError && error.trouble.code === 'no_daemon';
        if (!isGone || Date.now() > untilMs) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS * 10));
      }
    }
  }

  close(): void {
    void this.#session?.then((session) => session.close()).catch(() => undefined);
    this.#session = null;
  }

  async #ask(method: MethodName, params: unknown, onProgress?: OnProgress): Promise<unknown> {
    let sent = false;
    for (let losses = 0; ;) {
      const session = await this.#connected(sent);
      try {
        return await session.request(method, params, onProgress);
      } catch (error) {
        if (!isLoss(error)) throw error;
        this.#forget(session);
        sent ||= error instanceof LostError && error.wasSent;
        // A daemon that takes the connection and drops it, again and again, is no daemon.
        if (++losses > 3 && this.#options.handOverUntil() <= Date.now())
          throw this.#nobody(sent, error);
      }
    }
  }

  async #connected(sent: boolean): Promise<Session> {
    const busyUntilMs = Date.now() + (this.#options.limits ?? LIMITS).dialMs;
    for (;;) {
      try {
        return await (this.#session ??= this.#open());
      } catch (error) {
        this.#session = null;
        if (error instanceof ClientError) throw error;
        if (isDenied(error)) {
          throw new ClientError(
            { code: 'no_access', socket: this.#options.socket },
            { cause: error },
          );
        }
        const isWaitedFor = isBusy(error) && Date.now() < busyUntilMs;
        if (!isWaitedFor && this.#options.handOverUntil() <= Date.now())
          throw this.#nobody(sent, error);
        // Who has waited for the next daemon is of the one before: that versions differ is no news.
        this.#hasGreeted = true;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  async #open(): Promise<Session> {
    const { dialer, socket, limits, onHello } = this.#options;
    const { session, hello } = await Session.open(dialer, socket, limits ?? LIMITS);
    if (!this.#hasGreeted) onHello?.(hello);
    this.#hasGreeted = true;
    this.#current = session;
    return session;
  }

  /** Unless another request that lost it has already opened the next. */
  #forget(session: Session): void {
    session.close();
    if (this.#current !== session) return;
    this.#current = null;
    this.#session = null;
  }

  #nobody(sent: boolean, cause: unknown): ClientError {
    return new ClientError({ code: 'no_daemon', socket: this.#options.socket, sent }, { cause });
  }
}

/** Nothing was refused: the daemon is leaving, or has left. */
function isLoss(error: unknown): boolean {
  return (
    error instanceof LostError || (error instanceof HephError && error.problem.code === 'draining')
  );
}

/** Somebody listens, and more are waiting to be let in than the kernel queues. */
function isBusy(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'EAGAIN';
}

function isDenied(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === 'EACCES' || code === 'EPERM';
}
