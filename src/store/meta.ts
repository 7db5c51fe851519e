import type { NewId } from '#core/ports.ts';
import type { Database, Statements } from '#store/sqlite.ts';

/** Who a data set belongs to, and which device this copy of it is on. */
export interface Meta {
  ownerId: string;
  origin: string;
}

/** Read both, making what is missing. */
export function ensureMeta(db: Database, newId: NewId): Meta {
  const ensure = (name: string): string => {
    db.prepare('INSERT OR IGNORE INTO meta (name, value) VALUES (?, ?)').run(name, newId());
    return db.prepare('SELECT value FROM meta WHERE name = ?').pluck().get(name) as string;
  };
  return { ownerId: ensure('owner_id'), origin: ensure('origin') };
}

/** One of the two, of a store that has them. */
export function readMeta(sql: Statements, name: 'owner_id' | 'origin'): string {
  return sql.value('SELECT value FROM meta WHERE name = ?', name) as string;
}
