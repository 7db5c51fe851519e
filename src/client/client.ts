import { ClientError } from '#client/errors.ts';
import { LostError, Session, type Limits } from '#client/session.ts';
import { HephError } from '#core/errors.ts';
import type { DaemonHello } from '#protocol/envelope.ts';
import type { MethodName, MutatingMethod, Params, Result } from '#protocol/methods.ts';
import type { Dialer } from '#protocol/transport.ts';

export interface ClientOptions {
  dialer: Dialer;
  /** For messages. */
  socket: string;
  /** Until when to wait for a daemon that is being replaced; epoch milliseconds. */
  handOverUntil(): number;
  /** Told once, when the first connection is greeted. */
  onHello?: ((hello: DaemonHello) => void) | undefined;
  limits?: Limits;
}

/** The answer's limit is longer than the daemon's own for a query, so that its reason arrives. */
const LIMITS: Limits = { dialMs: 2000, greetingMs: 5000, answerMs: 45_000 };

/** Pause between two tries while the daemon is being replaced. */
const RETRY_MS = 20;

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

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** @throws {HephError} the daemon's answer. @throws {ClientError} no answer. */
  read<M extends Exclude<MethodName, MutatingMethod>>(
    method: M,
    params: Params<M>,
  ): Promise<Result<M>> {
    return this.#ask(method, params) as Promise<Result<M>>;
  }

  /** As {@link read}. The change is made once, or not at all. */
  change<M extends MutatingMethod>(method: M, params: Params<M>): Promise<Result<M>> {
    const request = { ...params, request_id: crypto.randomUUID() };
    return this.#ask(method, request) as Promise<Result<M>>;
  }

  close(): void {
    void this.#session?.then((session) => session.close()).catch(() => undefined);
    this.#session = null;
  }

  async #ask(method: MethodName, params: unknown): Promise<unknown> {
    let sent = false;
    for (let losses = 0; ;) {
      const session = await this.#connected(sent);
      try {
        return await session.request(method, params);
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
        if (this.#options.handOverUntil() <= Date.now()) throw this.#nobody(sent, error);
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

function isDenied(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === 'EACCES' || code === 'EPERM';
}
