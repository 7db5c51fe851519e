/**
 * Documents, the journal, logs, links, full-text search, recurrence from
 * completion, and which transaction undid which.
 *
 * `nodes.name`, `links` and `search` say nothing that titles, bodies and logs do
 * not: `store/text-index.ts` makes them, after migrations as well.
 */
export const sql = `
ALTER TABLE nodes ADD COLUMN name TEXT NOT NULL DEFAULT '';
DROP INDEX nodes_by_title;
CREATE INDEX nodes_by_name ON nodes (name, kind);
CREATE INDEX nodes_by_kind ON nodes (kind, name) WHERE kind <> 'task';

ALTER TABLE tasks ADD COLUMN recur_from TEXT NOT NULL DEFAULT 'schedule';
CREATE INDEX tasks_closed ON tasks (state) WHERE open = 0;

CREATE TABLE journals (
  n   INTEGER PRIMARY KEY REFERENCES nodes,
  day TEXT
);
CREATE INDEX journals_by_day ON journals (day);

CREATE TABLE log_entries (
  e     INTEGER PRIMARY KEY,
  id    TEXT NOT NULL UNIQUE,
  n     INTEGER NOT NULL REFERENCES nodes,
  at_ms INTEGER NOT NULL,
  text  TEXT NOT NULL
);
CREATE INDEX log_entries_by_node ON log_entries (n, at_ms);

CREATE TABLE links (
  n      INTEGER NOT NULL REFERENCES nodes,
  target TEXT NOT NULL,
  name   TEXT NOT NULL,
  PRIMARY KEY (n, target)
) WITHOUT ROWID;
CREATE INDEX links_by_name ON links (name, n);

CREATE VIRTUAL TABLE search USING fts5 (
  title, body, log,
  content = '', contentless_delete = 1,
  tokenize = "unicode61 remove_diacritics 2 categories 'L* N* M* Co'",
  prefix = '2 3'
);

ALTER TABLE transactions ADD COLUMN undoes INTEGER REFERENCES transactions;
CREATE INDEX transactions_undone ON transactions (undoes) WHERE undoes IS NOT NULL;
`;
