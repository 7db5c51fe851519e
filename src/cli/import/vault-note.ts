import { isDay, noonMs } from '#cli/import/civil.ts';
import { partFrontMatter } from '#cli/import/front-matter.ts';
import { tagsOf, titleOf } from '#cli/import/limits.ts';
import { mapProse } from '#cli/import/prose.ts';
import { withoutBom, type ImportProblem, type TextFile } from '#cli/import/reader.ts';
import type { CivilDate } from '#core/dates.ts';

/** A note of a vault, before its links are looked at. */
export interface Note {
  path: string;
  /** Empty for the vault itself. */
  folder: string;
  /** The file's name without `.md`. */
  name: string;
  /** What it wants to be called; another note may have that name. */
  title: string;
  aliases: string[];
  /** Its day, where its file is named after one. */
  day: CivilDate | null;
  tags: string[];
  /** Front matter that says more than a record can; at the head of the body, as it is. */
  kept: string;
  text: string;
  createdMs: number;
  updatedMs: number;
}

/** Read one file. Front matter goes into fields where these say all of it, and stays otherwise. */
export async function noteOf(file: TextFile, problems: ImportProblem[]): Promise<Note> {
  const path = file.path.normalize('NFC');
  const parted = await partFrontMatter(withoutBom(file.text));
  if (parted.problem !== null) {
    const { why, line } = parted.problem;
    problems.push({ place: `${file.path}:${line}`, why: `${why}; it stays in the body` });
  }
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1).replace(/\.md$/i, '');
  const day = isDay(name) ? name : null;
  const said = fieldsOf(parted.fields ?? {});
  const title = titleOf(day ?? said.title ?? name).title;
  const isAllSaid =
    parted.fields !== null &&
    said.isAll &&
    [undefined, title].includes(said.title) &&
    !parted.head.includes('#');
  const tags = tagsOf([...said.tags, ...inlineTags(parted.body)]);
  const createdMs = said.createdMs ?? file.mtimeMs;
  return {
    path,
    folder: slash === -1 ? '' : path.slice(0, slash),
    name,
    title,
    aliases: said.aliases,
    day,
    tags: tags.tags,
    kept: isAllSaid ? '' : parted.head,
    text: parted.body,
    createdMs: Math.floor(createdMs),
    updatedMs: Math.floor(Math.max(createdMs, file.mtimeMs)),
  };
}

interface Said {
  title: string | undefined;
  tags: string[];
  aliases: string[];
  createdMs: number | null;
  /** Nothing is said beyond that. */
  isAll: boolean;
}

function fieldsOf(fields: Record<string, unknown>): Said {
  const said: Said = { title: undefined, tags: [], aliases: [], createdMs: null, isAll: true };
  for (const [field, value] of Object.entries(fields)) {
    if (value === null || !take(field, value, said)) said.isAll = false;
  }
  return said;
}

/** Put a field where it belongs; false where that does not hold all of it. */
function take(field: string, value: unknown, said: Said): boolean {
  switch (field) {
    case 'title':
      if (typeof value !== 'string' || value.trim() === '') return false;
      said.title = value.trim();
      return said.title === value;
    case 'tags':
    case 'tag': {
      const words = wordsOf(value, /[,\s]+/).map((word) => word.replace(/^#/, ''));
      const { tags, changed } = tagsOf(words);
      said.tags.push(...tags);
      return changed.length === 0 && isOfWords(value);
    }
    case 'aliases':
    case 'alias':
      said.aliases.push(...wordsOf(value, /,/));
      return false;
    case 'created':
    case 'date': {
      const ms = momentMs(value);
      if (ms === null) return false;
      said.createdMs ??= ms;
      return said.createdMs === ms;
    }
    default:
      return false;
  }
}

/** A list, or a text that is one. */
function wordsOf(value: unknown, between: RegExp): string[] {
  const words = Array.isArray(value) ? (value as unknown[]) : [value];
  const isList = Array.isArray(value);
  return words
    .filter((word) => typeof word === 'string' || typeof word === 'number')
    .flatMap((word) => (isList ? String(word) : String(word).split(between)))
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** Nothing in it but texts, and numbers that are spelled as they are. */
function isOfWords(value: unknown): boolean {
  return [value].flat().every((word) => typeof word === 'string' || Number.isSafeInteger(word));
}

/** A day, or a moment; without a zone that of the machine. */
function momentMs(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  if (isDay(value)) return noonMs(value);
  if (!/^\d{4}-\d\d-\d\d[ T]\d\d:\d\d/.test(value)) return null;
  const ms = Date.parse(value.replace(' ', 'T').replace(/ (?=[+-]\d|Z)/, ''));
  return Number.isNaN(ms) || ms < 0 ? null : ms;
}

/** `#tag` in the text: it stays there as well. A number alone is none. */
function inlineTags(text: string): string[] {
  const tags: string[] = [];
  mapProse(text, (prose) => {
    for (const [, tag = ''] of prose.matchAll(
      /(?<![^\s])#([\p{L}\p{M}\p{N}\p{Emoji}\u200d/_-]+)/gu,
    )) {
      if (/[^\p{N}]/u.test(tag)) tags.push(tag);
    }
    return prose;
  });
  return tags;
}
