import type { Value } from '#config/settings.ts';

/** Where a key of a TOML file stands: the line counts from 0. */
interface KeyLine {
  /** Its whole path, tables included. */
  key: string;
  line: number;
  isTable: boolean;
}

const PART = String.raw`(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')`;
const PATH = String.raw`(${PART}(?:\s*\.\s*${PART})*)`;
const TABLE = new RegExp(String.raw`^\s*\[\s*${PATH}\s*\]`);
const PAIR = new RegExp(String.raw`^\s*${PATH}\s*=\s*(.*)$`, 's');

/**
 * The lines on which keys and tables begin, for messages and for editing. What
 * is inside a text of several lines is none, whatever it looks like.
 */
function keyLines(text: string): KeyLine[] {
  const found: KeyLine[] = [];
  let table = '';
  let fence: string | null = null;
  for (const [line, content] of text.split('\n').entries()) {
    if (fence !== null) {
      if (content.includes(fence)) fence = null;
      continue;
    }
    const header = TABLE.exec(content)?.[1];
    const [, path, value = ''] = PAIR.exec(content) ?? [];
    if (header !== undefined) {
      table = plain(header);
      found.push({ key: table, line, isTable: true });
    } else if (path !== undefined) {
      const key = table === '' ? plain(path) : `${table}.${plain(path)}`;
      found.push({ key, line, isTable: false });
      fence = opened(value);
    }
  }
  return found;
}

/** The line of a key, from 1; of what it is part of, where it has none of its own; else null. */
export function lineOf(text: string, key: string): number | null {
  const lines = keyLines(text);
  for (let part = key; part !== ''; part = part.slice(0, Math.max(0, part.lastIndexOf('.')))) {
    const found = lines.find((each) => each.key === part);
    if (found) return found.line + 1;
  }
  return null;
}

/**
 * The text with one key set, every other line as it was. Null where the key
 * stands in a shape that a line cannot change: the caller parses what comes
 * back, and only takes it when it means what was meant.
 * @param key `table.name`.
 */
export function withKey(text: string, key: string, value: Value): string | null {
  const lines = text.split('\n');
  const end = text.includes('\r\n') ? '\r' : '';
  const known = keyLines(text);
  const literal = JSON.stringify(value);
  const own = known.find((each) => each.key === key && !each.isTable);
  if (own) {
    const changed = replaced(lines[own.line] ?? '', literal);
    if (changed === null) return null;
    return lines.with(own.line, changed).join('\n');
  }
  const [table = '', name = ''] = key.split('.');
  const header = known.find((each) => each.isTable && each.key === table);
  const dotted = known.findLast((each) => !each.isTable && each.key.startsWith(`${table}.`));
  if (header) return lines.toSpliced(header.line + 1, 0, `${name} = ${literal}${end}`).join('\n');
  if (dotted) return lines.toSpliced(dotted.line + 1, 0, `${key} = ${literal}${end}`).join('\n');
  const gap = text === '' ? '' : text.endsWith('\n') ? `${end}\n` : `${end}\n${end}\n`;
  return `${text}${gap}[${table}]${end}\n${name} = ${literal}${end}\n`;
}

/** The text without a key, every other line as it was; its table stays. */
export function withoutKey(text: string, key: string): string {
  const own = keyLines(text).find((each) => each.key === key && !each.isTable);
  return own ? text.split('\n').toSpliced(own.line, 1).join('\n') : text;
}

/** The line with another value; its comment stays. Null for a value that goes over several lines. */
function replaced(line: string, literal: string): string | null {
  const match =
    /^(\s*[^=]+=\s*)("(?:\\.|[^"\\])*"|'[^']*'|\[[^\]#]*\]|[^#"'[{]*?)(\s*(?:#.*)?\r?)$/s.exec(
      line,
    );
  if (!match) return null;
  return `${match[1]}${literal}${match[3]}`;
}

/** The fence of a text of several lines that a value opens and does not close. */
function opened(value: string): string | null {
  const fence = /^("""|''')/.exec(value)?.[1];
  return fence === undefined || value.slice(3).includes(fence) ? null : fence;
}

function plain(path: string): string {
  return path
    .split('.')
    .map((part) => part.trim().replace(/^(["'])(.*)\1$/, '$2'))
    .join('.');
}
