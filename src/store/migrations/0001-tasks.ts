/**
 * Nodes, tasks, projects, the change log, and answered requests.
 *
 * `late_key` and `do_key` put "none" last in an index. `open` means outstanding
 * and not tombstoned: what `next` may choose from, whatever the day.
 */
export const sql = `
CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE nodes (
  n             INTEGER PRIMARY KEY,
  id            TEXT NOT NULL UNIQUE,
  kind          TEXT NOT NULL,
  title         TEXT NOT NULL DEFAULT '',
  created_at    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL,
  tombstoned    INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX nodes_by_tail ON nodes (substr(id, -4));
CREATE INDEX nodes_by_title ON nodes (title COLLATE NOCASE, kind);

CREATE TABLE bodies (
  n    INTEGER PRIMARY KEY REFERENCES nodes,
  text TEXT NOT NULL
);

CREATE TABLE projects (
  n        INTEGER PRIMARY KEY REFERENCES nodes,
  archived INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE tasks (
  n          INTEGER PRIMARY KEY REFERENCES nodes,
  created_at INTEGER NOT NULL,
  open       INTEGER NOT NULL DEFAULT 1,
  state      TEXT NOT NULL DEFAULT 'outstanding',
  attention  TEXT NOT NULL DEFAULT 'white',
  do_on      TEXT,
  late_from  TEXT,
  do_key     TEXT NOT NULL GENERATED ALWAYS AS (ifnull(do_on, '9999-99-99')) VIRTUAL,
  late_key   TEXT NOT NULL GENERATED ALWAYS AS (ifnull(late_from, '9999-99-99')) VIRTUAL,
  recurrence TEXT,
  project    INTEGER REFERENCES projects,
  key        TEXT
);
CREATE INDEX tasks_by_attention ON tasks (attention, late_key, do_key, created_at) WHERE open = 1;
CREATE INDEX tasks_by_lateness ON tasks (late_key, do_key, created_at) WHERE open = 1 AND late_from IS NOT NULL;
CREATE INDEX tasks_by_project ON tasks (project, open);
CREATE UNIQUE INDEX tasks_by_key ON tasks (key) WHERE open = 1 AND key IS NOT NULL;
CREATE INDEX tasks_with_key ON tasks (key) WHERE key IS NOT NULL;

CREATE TABLE tags (
  n   INTEGER NOT NULL REFERENCES nodes,
  tag TEXT NOT NULL,
  PRIMARY KEY (n, tag)
) WITHOUT ROWID;
CREATE INDEX tags_by_tag ON tags (tag, n);

CREATE TABLE transactions (
  tx         INTEGER PRIMARY KEY AUTOINCREMENT,
  hlc        TEXT NOT NULL UNIQUE,
  origin     TEXT NOT NULL,
  request_id TEXT NOT NULL,
  method     TEXT NOT NULL
);

CREATE TABLE changes (
  seq   INTEGER PRIMARY KEY AUTOINCREMENT,
  tx    INTEGER NOT NULL REFERENCES transactions,
  node  TEXT NOT NULL,
  field TEXT NOT NULL,
  value TEXT,
  back  TEXT
);
CREATE INDEX changes_by_node ON changes (node, field, seq);
CREATE INDEX changes_by_tx ON changes (tx);

CREATE TABLE requests (
  request_id  TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  result      TEXT NOT NULL,
  at_ms       INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX requests_by_age ON requests (at_ms);
`;
