/** A text in two: the YAML between its first two lines of `---`, and what follows byte for byte. */
export interface Parted {
  /** With its fences; empty where there is none. */
  head: string;
  /** Null where there is no front matter, or it cannot be read. */
  fields: Record<string, unknown> | null;
  body: string;
  /** Why it cannot be read, and on which line of the text. */
  problem: { why: string; line: number } | null;
}

const BLOCK = /^---[ \t]*\r?\n(?:([^]*?)\r?\n)??---[ \t]*(?:\r?\n|$)/;

/** Part a text from its front matter. The YAML library is loaded at the first text that has one. */
export async function partFrontMatter(text: string): Promise<Parted> {
  const [head = '', yaml = ''] = BLOCK.exec(text) ?? [];
  const body = text.slice(head.length);
  if (head === '') return { head, fields: null, body, problem: null };
  const failed = (why: string, line: number): Parted => ({
    head,
    fields: null,
    body,
    problem: { why: `cannot read the front matter: ${why}`, line },
  });
  const { parseDocument } = await import('yaml');
  const document = parseDocument(yaml, { logLevel: 'silent', prettyErrors: true });
  const [error] = document.errors;
  if (error) {
    const why = error.message.split(/ at line \d/)[0] ?? '';
    return failed(why.charAt(0).toLowerCase() + why.slice(1), 1 + (error.linePos?.[0].line ?? 1));
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 }) ?? {};
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isMap) return failed('it holds no fields', 2);
    return { head, fields: value as Record<string, unknown>, body, problem: null };
  } catch (reason) {
    return failed((reason as Error).message, 2);
  }
}
