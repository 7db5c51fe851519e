import { explain } from '#cli/explain.ts';
import { LIMITS } from '#core/node.ts';
import { checkBody, checkKey, checkTags, checkTitle } from '#core/text.ts';
import type { NodeRecord } from '#protocol/records.ts';

const LOG_ENTRY_BYTES_MAX = 64 * 1024;

/** Why the daemon would not take a record; null where it would. */
export function whyNot(record: NodeRecord): string | null {
  try {
    checkTitle(record.title, 'title');
    checkTags(record.tags);
    checkBody(record.body);
    if (record.kind === 'task' && record.key !== null) checkKey(record.key);
    if (record.kind === 'task' && record.project !== null) checkTitle(record.project, 'project');
  } catch (error) {
    return explain(error).message;
  }
  const longest = Math.max(0, ...record.log.map(({ text }) => bytesOf(text)));
  if (longest <= LOG_ENTRY_BYTES_MAX) return null;
  return `cannot take a log entry of ${longest} bytes: ${LOG_ENTRY_BYTES_MAX} is the most`;
}

/** A text as a title: on one line, and no longer than titles are. */
export function titleOf(text: string): { title: string; isWhole: boolean } {
  const line = text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  const chars = [...line];
  const isLong = chars.length > LIMITS.titleChars;
  const cut = isLong ? `${chars.slice(0, LIMITS.titleChars - 1).join('')}…` : line;
  return { title: cut || 'untitled', isWhole: cut !== '' && cut === text.trim() };
}

/** Texts as tags: one word each, none twice. `changed` are those that had to be altered or left out. */
export function tagsOf(texts: readonly string[]): { tags: string[]; changed: string[] } {
  const tags = new Set<string>();
  const changed: string[] = [];
  for (const text of texts) {
    const tag = text.trim().replaceAll(/[\s\p{Cc}\u2028\u2029]+/gu, '-');
    const fits = tag !== '' && [...tag].length <= LIMITS.tagChars;
    if (tag !== text || !fits || (tags.size === LIMITS.tags && !tags.has(tag))) changed.push(text);
    if (fits && tags.size < LIMITS.tags) tags.add(tag);
  }
  return { tags: [...tags], changed };
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
