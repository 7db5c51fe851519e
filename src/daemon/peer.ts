import type { RequestId } from '#protocol/envelope.ts';

/** Whoever asked: what can be sent to them besides the answer. */
export interface Peer {
  /** The id of what they asked. */
  readonly request: RequestId;
  /** Send a notification. What is sent after the end is lost. */
  notify(method: string, params: unknown): void;
  /** Resolves when there is room for more, at once where there is; and when they have gone. */
  ready(): Promise<void>;
  /** Aborted when they have gone. */
  readonly gone: AbortSignal;
  /** Send what is queued, then end the connection. */
  end(): void;
}
