import { HephError } from '#core/errors.ts';

/** A store that cannot be opened, and why. Nothing was changed. */
export class StoreError extends Error {
  readonly reason: 'newer' | 'not_sqlite' | 'readonly' | 'damaged' | 'unreadable' | 'locked';

  constructor(reason: StoreError['reason'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.reason = reason;
  }
}

/** What SQLite's own result codes mean to the one who asked. */
export function asHephError(error: unknown): unknown {
  const code = sqliteCode(error);
  const cause = { cause: error };
  if (code === null) return error;
  if (code === 'SQLITE_FULL') return new HephError({ code: 'store_full' }, cause);
  if (code.startsWith('SQLITE_READONLY')) return new HephError({ code: 'store_readonly' }, cause);
  const damaged = ['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_IOERR'];
  if (damaged.some((prefix) => code.startsWith(prefix))) {
    return new HephError({ code: 'store_damaged', detail: (error as Error).message }, cause);
  }
  return error;
}

/** SQLite's extended result code, such as `SQLITE_IOERR_FSYNC`; null for any other error. */
export function sqliteCode(error: unknown): string | null {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : null;
}
