import type { NodeRecord } from '#protocol/records.ts';

/** What a reader made of what it was given. One that is bad does not keep out the rest. */
export interface ImportResult {
  records: NodeRecord[];
  problems: ImportProblem[];
}

/** What was not taken, or not as it was written. */
export interface ImportProblem {
  /** `tasks.json, record 17` or `notes/a.md:12`. */
  place: string;
  /** Begins with "cannot". */
  why: string;
}

/** A file of a folder. */
export interface TextFile {
  /** From the folder, with `/` on every system. */
  path: string;
  text: string;
  /** When it was last written, in epoch milliseconds. */
  mtimeMs: number;
}

/** What there is in a folder. */
export interface FolderFiles {
  /** Its own, without links and dots: the same however it was called. */
  name: string;
  /** By path. */
  files: TextFile[];
  /** Paths of what is no text for the reader: attachments. */
  others: string[];
  /** What could not be read. */
  problems: ImportProblem[];
}

/** A text without the mark that some programs put at its start. */
export function withoutBom(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
