/** Text as roff shows it: no letter of it is a command, and a hyphen can be copied. */
export function roff(text: string): string {
  const escaped = text.replaceAll(/[\\'"`^~-]|[^\n -~]/gu, (char) => ESCAPES[char] ?? named(char));
  // At the beginning of a line, and only there, a dot asks for a command.
  return escaped.replaceAll(/^\./gm, String.raw`\&.`);
}

/** A command of roff with its arguments, each one word whatever is in it. */
export function macro(name: string, ...args: string[]): string {
  return [`.${name}`, ...args.map((arg) => `"${roff(arg)}"`)].join(' ');
}

/** A heading within the page. */
export function section(title: string, ...parts: readonly string[]): string[] {
  return parts.length === 0 ? [] : [macro('SH', title), ...parts];
}

/** Terms, each with what it means. */
export function terms(rows: readonly (readonly [term: string, meaning: string])[]): string[] {
  return rows.map(([term, meaning]) => `.TP\n\\fB${roff(term)}\\fR\n${roff(meaning)}`);
}

/** Lines that are shown as they are. */
export function literal(lines: readonly string[]): string {
  return ['.nf', ...lines.map((line) => (line === '' ? '.sp' : roff(line))), '.fi'].join('\n');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': String.raw`\e`,
  "'": String.raw`\(aq`,
  '"': String.raw`\(dq`,
  '`': String.raw`\(ga`,
  '^': String.raw`\(ha`,
  '~': String.raw`\(ti`,
  '-': String.raw`\-`,
};

function named(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  return `\\[u${code.toString(16).toUpperCase().padStart(4, '0')}]`;
}
