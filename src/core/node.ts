export const NODE_KINDS = ['task', 'doc', 'project', 'journal'] as const;
export type NodeKind = (typeof NODE_KINDS)[number];

/** Limits of `domain.md` section 4. Characters are code points, bytes are UTF-8. */
export const LIMITS = {
  titleChars: 1000,
  bodyBytes: 10 * 1024 * 1024,
  tagChars: 100,
  tags: 100,
  keyChars: 200,
  logEntryBytes: 64 * 1024,
  messageBytes: 16 * 1024 * 1024,
} as const;

/** How long what is looked for may be, in UTF-16 units. */
export const SOUGHT_MAX = 1000;
