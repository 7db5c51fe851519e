/** Why no answer came, as far as a client can tell. */
export type ClientTrouble =
  /** Nobody listens. `sent`: the request may have been carried out all the same. */
  | { code: 'no_daemon'; socket: string; sent: boolean }
  /** May not connect: another user's socket, or one behind a closed folder. */
  | { code: 'no_access'; socket: string }
  /** Somebody listens, and says nothing. */
  | { code: 'silent'; socket: string; limit_ms: number }
  | { code: 'protocol_mismatch'; daemon: number; client: number; daemon_version: string }
  | { code: 'message_too_long'; max: number; actual: number }
  | { code: 'bad_socket'; socket: string; why: string };

export class ClientError extends Error {
  readonly trouble: ClientTrouble;

  constructor(trouble: ClientTrouble, options?: ErrorOptions) {
    super(trouble.code, options);
    this.name = 'ClientError';
    this.trouble = trouble;
  }
}
