import type { Ulid } from '#core/ids.ts';
import type { NodeRecord } from '#protocol/records.ts';

/** What an export says about itself. Its number goes up when an older heph could not read it. */
export interface ExportHead {
  heph_export: 1;
  /** Of the program that wrote it. */
  version: string;
  /** Epoch milliseconds. */
  exported_at: number;
  owner_id: Ulid;
}

/**
 * An export as JSON, piece by piece as the pages come: one object, with a
 * record on each line.
 */
export async function* jsonExport(
  head: ExportHead,
  pages: AsyncIterable<readonly NodeRecord[]>,
): AsyncGenerator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"nodes":[`;
  let between = '\n';
  for await (const page of pages) {
    for (const record of page) {
      yield between + JSON.stringify(record);
      between = ',\n';
    }
  }
  yield '\n]}\n';
}
