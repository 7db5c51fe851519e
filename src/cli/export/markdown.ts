import { fileNamer } from '#cli/export/file-names.ts';
import { RECORD_FIELDS } from '#cli/record-fields.ts';
import type { NodeRecord } from '#protocol/records.ts';

/** A file to be written. */
export interface MarkdownFile {
  /** From the folder of the export, with `/`. */
  path: string;
  text: string;
}

/**
 * Makes a file of each record: every field in its front matter, below it the
 * body to the byte. One writer for one folder: it remembers the names it gave.
 */
export function markdownWriter(): (record: NodeRecord) => MarkdownFile {
  const nameOf = fileNamer();
  return (record) => ({
    path: nameOf(record),
    text: `---\nheph: 1\n${frontMatter(record)}---\n${record.body}`,
  });
}

function frontMatter(record: NodeRecord): string {
  const values = record as unknown as Record<string, unknown>;
  const fields = ['kind', ...Object.keys(RECORD_FIELDS[record.kind])];
  return fields
    .filter((field) => field !== 'body' && field !== 'log')
    .map((field) => `${field}: ${yaml(field, values[field])}\n`)
    .concat(log(record))
    .join('');
}

/** A list in the front matter, so that no body can look like it. */
function log({ log: entries }: NodeRecord): string {
  if (entries.length === 0) return 'log: []\n';
  const items = entries.map(
    ({ entry_id, at, text }) =>
      `  - entry_id: ${quoted(entry_id)}\n    at: ${yaml('at', at)}\n    text: ${quoted(text)}\n`,
  );
  return `log:\n${items.join('')}`;
}

/** Words that YAML reads as what they are stay bare; any other text is quoted. */
function yaml(field: string, value: unknown): string {
  if (typeof value === 'number') return moment(value);
  if (Array.isArray(value)) return `[${value.map((each) => quoted(String(each))).join(', ')}]`;
  if (typeof value !== 'string') return String(value);
  return BARE.has(field) ? value : quoted(value);
}

const BARE = new Set(['kind', 'state', 'attention', 'recur_from', 'do_on', 'late_from', 'day']);
const DATE_MAX_MS = 8.64e15;

/** As people read it, to the millisecond. */
function moment(ms: number): string {
  return ms > DATE_MAX_MS ? String(ms) : `"${new Date(ms).toISOString()}"`;
}

/** JSON's quotes are YAML's, but for characters that YAML wants escaped. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
