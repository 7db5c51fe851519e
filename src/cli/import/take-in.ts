import type { Context } from '#cli/command.ts';
import { explain } from '#cli/explain.ts';
import type { ImportProblem } from '#cli/import/reader.ts';
import { progressBar } from '#cli/print/progress.ts';
import type { Client } from '#client/client.ts';
import { HephError, type Problem } from '#core/errors.ts';
import type { Result } from '#protocol/methods.ts';
import type { NodeRecord } from '#protocol/records.ts';

/** What came of an import. */
export interface Imported {
  created: number;
  updated: number;
  unchanged: number;
  problems: ImportProblem[];
}

/** What goes in one message: well below what the daemon takes. */
const PART_CHARS = 2_000_000;
const PART_RECORDS = 1000;

/**
 * Send records to the daemon, which takes them in as one change, or none of
 * them. With `keep` each part is a change of its own, and what is in stays.
 */
export async function takeIn(
  context: Context,
  records: readonly NodeRecord[],
  keep: boolean,
): Promise<Imported> {
  const client = await context.client();
  using bar = progressBar(context, 'importing');
  const sum: Imported = { created: 0, updated: 0, unchanged: 0, problems: [] };
  const parts = partsOf(records);
  const wholes = keep ? parts.map((part) => [part]) : [parts];
  let before = 0;
  for (const whole of wholes) {
    const size = whole.flat().length;
    // To send it is one half of the work, to write it the other.
    const result = await send(client, whole, {
      onSent: (count) => bar.show(before + count / 2, records.length),
      onWritten: (share) => bar.show(before + (size * (1 + share)) / 2, records.length),
    });
    add(sum, result, records, before);
    before += size;
  }
  bar.clear();
  return sum;
}

async function send(
  client: Client,
  parts: readonly (readonly NodeRecord[])[],
  { onSent, onWritten }: { onSent: (count: number) => void; onWritten: (share: number) => void },
): Promise<Result<'import.commit'>> {
  const { import_id: id } = await client.read('import.begin', {});
  for (const [part, records] of parts.entries()) {
    const { staged } = await client.read('import.stage', {
      import_id: id,
      part,
      records: [...records],
    });
    onSent(staged);
  }
  return client.change('import.commit', { import_id: id }, (done, total) =>
    onWritten(done / total),
  );
}

function partsOf(records: readonly NodeRecord[]): NodeRecord[][] {
  const parts: NodeRecord[][] = [];
  let room = 0;
  for (const record of records) {
    const chars = record.body.length + record.log.reduce((sum, { text }) => sum + text.length, 0);
    const last = parts.at(-1);
    if (!last || room < chars || last.length >= PART_RECORDS) {
      parts.push([record]);
      room = PART_CHARS - chars;
    } else {
      last.push(record);
      room -= chars;
    }
  }
  return parts;
}

function add(
  sum: Imported,
  { created, updated, unchanged, refused }: Result<'import.commit'>,
  records: readonly NodeRecord[],
  before: number,
): void {
  sum.created += created;
  sum.updated += updated;
  sum.unchanged += unchanged;
  for (const { record, title, problem } of refused) {
    const { message } = explain(new HephError(problem as Problem));
    const kind = records[before + record]?.kind ?? 'record';
    sum.problems.push({ place: `${kind} "${title}"`, why: message });
  }
}
