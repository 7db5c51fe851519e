/**
 * What the wire is made of, as both ends see it: a connection that carries
 * bytes. Implementations: the socket of `client/` and `daemon/`, and the
 * in-memory pair of the tests; `test/contract/transport.ts` holds them to this.
 */
export interface Connection {
  /**
   * Send bytes, in order. After the connection has ended it does nothing.
   * @returns whether they had to queue: `drained` will say when they have left.
   */
  write(text: string): boolean;
  /** Send what is still queued, then end. Safe to call again. */
  end(): void;
  /** End at once; what was queued may be lost. Safe to call again. */
  destroy(): void;
}

/** The end of a connection that was accepted: it can let the other end wait. */
export interface Accepted extends Connection {
  /** Hear no more for now; what the other end sends waits there once the kernel is full. */
  pause(): void;
  resume(): void;
}

/** What one end does about what the other sends. */
export interface ConnectionEvents {
  data(chunk: Uint8Array): void;
  /** Everything sent so far has left; called only after a `write` that had to queue. */
  drained?(): void;
  /** Called once, whoever ended it and however. Nothing follows. */
  closed(): void;
}

/** Opens a connection to whoever listens; rejects when nobody does. */
export interface Dialer {
  dial(events: ConnectionEvents, limitMs: number): Promise<Connection>;
}

/** Called by a listener for each connection it accepts. */
export type Accept = (connection: Accepted) => ConnectionEvents;
