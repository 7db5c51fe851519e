import { glob, readFile } from 'node:fs/promises';
import { root } from '../../scripts/support.ts';

/** A Markdown page of the project; `path` is relative to its root. */
export interface Page {
  path: string;
  text: string;
}

export async function readPages(): Promise<Page[]> {
  const patterns = ['docs/**/*.md', 'README.md', 'CONTRIBUTING.md'];
  const paths = await Array.fromAsync(glob(patterns, { cwd: root }));
  return Promise.all(paths.toSorted().map(readPage));
}

export async function readPage(path: string): Promise<Page> {
  return { path, text: await readFile(`${root}/${path}`, 'utf8') };
}

/** A fenced block: the words after the fence, and where it begins. */
export interface Fence {
  language: string;
  info: string;
  lines: string[];
  at: number;
}

export function fencesOf(text: string): Fence[] {
  const fences: Fence[] = [];
  let open: Fence | null = null;
  for (const [index, line] of text.split('\n').entries()) {
    const [, language, info = ''] = /^```(\w*) ?(.*)$/.exec(line) ?? [];
    if (language === undefined) open?.lines.push(line);
    else if (open) open = null;
    else fences.push((open = { language, info, lines: [], at: index + 1 }));
  }
  return fences;
}

/** What a reader sees as text: without fenced blocks and inline code. */
export function prose(text: string): string {
  return text.replaceAll(/^```[^]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '`');
}

/** The names by which headings are linked to, as GitHub makes them. */
export function anchorsOf(text: string): string[] {
  const headings = text.replaceAll(/^```[^]*?^```$/gm, '').matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
