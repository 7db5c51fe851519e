import { HephError } from '#core/errors.ts';
import { LIMITS } from '#core/node.ts';

/** Everything that could move a terminal's cursor, or hide: C0, DEL, C1, and line separators. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/**
 * A title as it is kept: one line, trimmed, not empty.
 * @param field names it in the error: `title`, or a project's `name`.
 */
export function checkTitle(text: string, field: string): string {
  const title = text.trim();
  if (title === '') throw badValue(field, text, 'some text');
  if (CONTROL.test(title)) throw badValue(field, title, 'one line without control characters');
  checkChars(title, LIMITS.titleChars, field);
  return title;
}

/** A tag as it is kept: one word. */
export function checkTag(text: string): string {
  const tag = text.trim();
  if (tag === '' || /\s/.test(tag) || CONTROL.test(tag)) {
    throw badValue('tag', text, 'one word without spaces');
  }
  checkChars(tag, LIMITS.tagChars, 'tag');
  return tag;
}

/** A set of tags: each checked, none twice, not too many. */
export function checkTags(texts: string[]): string[] {
  const tags = [...new Set(texts.map(checkTag))];
  if (tags.length > LIMITS.tags) throw tooLong('tags', LIMITS.tags, tags.length, 'items');
  return tags;
}

/** A key as it is kept: one line, compared to the letter. */
export function checkKey(text: string): string {
  if (text.trim() === '' || CONTROL.test(text)) {
    throw badValue('key', text, 'one line without control characters');
  }
  checkChars(text, LIMITS.keyChars, 'key');
  return text;
}

export function checkBody(text: string): string {
  checkBytes(text, LIMITS.bodyBytes, 'context');
  return text;
}

/** A log entry as it is kept: some text, of any number of lines. */
export function checkLogText(text: string): string {
  const entry = text.replace(/\s+$/, '');
  if (entry === '') throw badValue('log entry', text, 'some text');
  checkBytes(entry, LIMITS.logEntryBytes, 'log entry');
  return entry;
}

/**
 * A title as it is looked up by: without letter case, and without the
 * differences that nobody sees. Two nodes may have the same.
 */
export function nameOf(title: string): string {
  return title.normalize('NFC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
}

/** A body with `addition` on lines of its own at the end. */
export function appendLines(body: string, addition: string): string {
  if (addition === '') return body;
  const gap = body === '' || body.endsWith('\n') ? '' : '\n';
  const end = addition.endsWith('\n') ? '' : '\n';
  return body + gap + addition + end;
}

/**
 * A body with what came for it, as lines of their own: in place of those that came
 * the last time, where they are in it and what comes has them too, else at its end.
 * Nothing is taken away.
 * @returns null where it says all of that already.
 */
export function joinLines(body: string, came: string, cameBefore: string): string | null {
  const [lines, next, last] = [body.split('\n'), linesOf(came), linesOf(cameBefore)];
  if (placeIn(lines, next) !== -1) return null;
  const hasGrown = last.length > 0 && placeIn(next, last) !== -1;
  const at = hasGrown ? placeIn(lines, last) : -1;
  if (at === -1) return appendLines(body, came);
  return [...lines.slice(0, at), ...next, ...lines.slice(at + last.length)].join('\n');
}

/** Without the blank ones at its ends. */
function linesOf(text: string): string[] {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.trim() !== '');
  return lines.slice(from, lines.findLastIndex((line) => line.trim() !== '') + 1);
}

/** The line from which on those of a part stand there, apart from spaces at their ends; -1 where they do not. */
function placeIn(lines: readonly string[], part: readonly string[]): number {
  if (part.length === 0) return 0;
  const textOf = (all: readonly string[]) => `\n${all.map((line) => line.trimEnd()).join('\n')}\n`;
  const text = textOf(lines);
  const at = text.indexOf(textOf(part));
  return at === -1 ? -1 : text.slice(0, at).split('\n').length - 1;
}

function checkBytes(text: string, max: number, field: string): void {
  // One UTF-16 unit is at most three bytes: most texts need no counting.
  if (text.length * 3 <= max) return;
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > max) throw tooLong(field, max, bytes, 'bytes');
}

function checkChars(text: string, max: number, field: string): void {
  const actual = [...text].length;
  if (actual > max) throw tooLong(field, max, actual, 'characters');
}

function badValue(field: string, text: string, allowed: string): HephError {
  return new HephError({ code: 'bad_value', field, text: text.slice(0, 100), allowed });
}

function tooLong(
  field: string,
  max: number,
  actual: number,
  unit: 'characters' | 'bytes' | 'items',
): HephError {
  return new HephError({ code: 'too_long', field, max, actual, unit });
}
