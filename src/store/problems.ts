import { HephError } from '#core/errors.ts';

/** A store that cannot be opened, and why; what is `passing` may be over in a moment. Nothing was changed. */
export class StoreError extends Error {
  readonly reason:
    | 'newer'
    | 'not_sqlite'
    | 'readonly'
    | 'damaged'
    | 'unreadable'
    | 'locked'
    | 'passing';
  /** Without what can be done about it: that is another thing where the file is a backup. */
  readonly why: string;

  constructor(
    reason: StoreError['reason'],
    { path, why, remedy }: { path: string; why: string; remedy: string },
    options?: ErrorOptions,
  ) {
    super(`cannot open the store ${path}: ${why}; ${remedy}`, options);
    this.name = 'StoreError';
    this.reason = reason;
    this.why = why;
  }
}

/** What SQLite's own result codes, and memory that ran out, mean to the one who asked. */
export function asHephError(error: unknown): unknown {
  const code = sqliteCode(error);
  const cause = { cause: error };
  if (isOutOfMemory(error)) return new HephError({ code: 'no_memory' }, cause);
  if (code === null) return error;
  if (code === 'SQLITE_FULL') return new HephError({ code: 'store_full' }, cause);
  if (code.startsWith('SQLITE_BUSY')) return new HephError({ code: 'store_busy' }, cause);
  if (code.startsWith('SQLITE_READONLY')) return new HephError({ code: 'store_readonly' }, cause);
  const damaged = ['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_IOERR'];
  if (damaged.some((prefix) => code.startsWith(prefix))) {
    return new HephError({ code: 'store_damaged', detail: (error as Error).message }, cause);
  }
  return error;
}

/**
 * SQLite has codes for it, one of them among those of a broken disk; its driver
 * and the engine have words. "Icu error" is what is left of it in a comparison of texts.
 */
export function isOutOfMemory(error: unknown): boolean {
  if (['SQLITE_NOMEM', 'SQLITE_IOERR_NOMEM'].includes(sqliteCode(error) ?? '')) return true;
  return (
    error instanceof Error && /(out of memory| allocation failed|Icu error\.)$/i.test(error.message)
  );
}

/** SQLite's extended result code, such as `SQLITE_IOERR_FSYNC`; null for any other error. */
export function sqliteCode(error: unknown): string | null {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : null;
}

/** What the system says when there is not enough of something, of which there may be more soon. */
export const SCARCE: ReadonlySet<string> = new Set([
  'ENOSPC',
  'EDQUOT',
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'EAGAIN',
]);
