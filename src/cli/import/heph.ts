import { partFrontMatter } from '#cli/import/front-matter.ts';
import { readJson } from '#cli/import/json.ts';
import { whyNot } from '#cli/import/limits.ts';
import { withoutBom, type ImportResult, type TextFile } from '#cli/import/reader.ts';
import { asRecord } from '#cli/record-fields.ts';

const HEAD = new Set(['heph_export', 'version', 'exported_at', 'owner_id', 'nodes']);

/**
 * An export of heph as JSON.
 * @param name of the file, for the places of problems.
 */
export function readHephJson(text: string, name: string): ImportResult {
  const { problem, ...read } = readJson(withoutBom(text), name);
  if (problem !== null) return { records: [], problems: [problem] };
  const { nodes, ...head } = ('value' in read ? (read.value ?? {}) : {}) as Record<string, unknown>;
  const odd = Object.keys(head).filter((field) => !HEAD.has(field));
  if (head['heph_export'] !== 1 || !Array.isArray(nodes) || odd.length > 0) {
    const why =
      odd.length > 0
        ? `cannot take this: heph knows no "${odd[0]}" of an export`
        : 'cannot take this: it is no export of this heph ("heph_export" is not 1, or "nodes" no list)';
    return { records: [], problems: [{ place: name, why }] };
  }
  return collected(
    nodes.map((value: unknown, i) => ({ place: `${name}, record ${i + 1}`, value })),
  );
}

/** An export of heph as a folder of markdown. */
export async function readHephFolder(files: TextFile[]): Promise<ImportResult> {
  const values = await Promise.all(files.map(valueOf));
  return collected(values);
}

interface Placed {
  place: string;
  value: unknown;
  /** Known already to be none. */
  why?: string;
}

async function valueOf({ path, text }: TextFile): Promise<Placed> {
  const { fields, body, problem } = await partFrontMatter(withoutBom(text));
  if (problem !== null) return { place: `${path}:${problem.line}`, value: null, why: problem.why };
  const { heph, ...rest } = fields ?? {};
  if (heph !== 1) {
    const why = 'cannot take this file: its front matter does not say "heph: 1"';
    return { place: path, value: null, why };
  }
  const value: Record<string, unknown> = { ...rest, body };
  for (const field of ['created_at', 'updated_at']) {
    if (field in value) value[field] = moment(value[field]);
  }
  const { log } = value;
  if (Array.isArray(log)) value['log'] = log.map(logEntry);
  return { place: path, value };
}

function logEntry(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('at' in value)) return value;
  return { ...value, at: moment(value.at) };
}

/** A moment as it was written, or what was there instead. */
function moment(value: unknown): unknown {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? value : ms;
}

/** The good ones; no node twice. */
function collected(values: Placed[]): ImportResult {
  const result: ImportResult = { records: [], problems: [] };
  const seen = new Set<string>();
  for (const { place, value, why } of values) {
    const record = why ?? asRecord(value);
    const reason =
      typeof record === 'string'
        ? record
        : seen.has(record.node_id)
          ? `cannot take the node ${record.node_id} twice`
          : whyNot(record);
    if (reason !== null) result.problems.push({ place, why: reason });
    if (reason !== null || typeof record === 'string') continue;
    seen.add(record.node_id);
    result.records.push(record);
  }
  return result;
}
