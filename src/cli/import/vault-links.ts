import { mapProse } from '#cli/import/prose.ts';
import type { Note } from '#cli/import/vault-note.ts';
import type { Ulid } from '#core/ids.ts';

/** A note, and what it is called once imported. */
export interface NamedNote extends Note {
  id: Ulid;
}

/** Rewrites the links of a note so that they lead to titles. */
export type Relink = (note: NamedNote) => string;

const LINK =
  /\[\[(?<wiki>[^[\]|\n]*?)(?:(?<bar>\\?\|)(?<text>[^[\]\n]*))?\]\]|(?<!!)\[(?<label>[^[\]\n]*)\]\((?<file><[^<>\n]+>|[^()\s<>]+)\)/g;

/**
 * Links as vaults have them: `[[Note]]`, `[[folder/Note|text]]`,
 * `[[Note#Heading]]`, and `[text](note.md)`. One that leads to no note, or into
 * its own, stays as it is, and so does code.
 */
export function relinker(notes: NamedNote[]): Relink {
  const index = new VaultIndex(notes);
  return (note) =>
    mapProse(note.text, (prose) =>
      prose.replaceAll(LINK, (link: string, ...rest: unknown[]) => {
        const parts = rest.at(-1) as Record<string, string | undefined>;
        const at = rest.at(-3) as number;
        const isCell = /^[ \t]*\|[^\n]*$/.test(
          prose.slice(prose.lastIndexOf('\n', at - 1) + 1, at),
        );
        return relinked(link, parts, note, index, isCell) ?? link;
      }),
    );
}

function relinked(
  link: string,
  { wiki, bar, text, label, file }: Record<string, string | undefined>,
  from: Note,
  index: VaultIndex,
  isCell: boolean,
): string | null {
  const written = wiki ?? decoded(file ?? '');
  const [, target = '', heading = ''] = /^([^#]*)(#.*)?$/.exec(written) ?? [];
  const note =
    wiki === undefined ? index.byFile(target.trim(), from) : index.byName(target.trim(), from);
  if (note === null) return null;
  const shown = (text || label || lastPart(target)) + heading;
  // What a link cannot hold, the id can stand for.
  const to = /[[\]|]/.test(note.title) ? note.id : note.title;
  if (shown === to) return to === wiki ? link : `[[${to}]]`;
  const escaped = isCell ? String.raw`\|` : '|';
  return `[[${to}${bar ?? escaped}${shown}]]`;
}

/** Notes by what a link may call them, in small letters. */
class VaultIndex {
  readonly #paths = new Map<string, NamedNote>();
  /** By the last part of the path; those nearer to the root first. */
  readonly #names = new Map<string, NamedNote[]>();
  /** By alias and title. */
  readonly #others = new Map<string, NamedNote>();

  constructor(notes: NamedNote[]) {
    for (const note of notes) {
      this.#paths.set(key(note.path), note);
      const named = this.#names.get(key(note.name)) ?? [];
      this.#names.set(key(note.name), [...named, note]);
      for (const other of [note.title, ...note.aliases]) {
        if (!this.#others.has(key(other))) this.#others.set(key(other), note);
      }
    }
  }

  byName(target: string, from: Note): NamedNote | null {
    if (target === '') return null;
    const exact = this.byFile(target, from);
    if (exact !== null) return exact;
    const ending = `/${key(target)}`;
    const named = this.#names
      .get(key(lastPart(target)))
      ?.find(({ path }) => `/${key(path)}`.endsWith(ending));
    return named ?? this.#others.get(key(target)) ?? null;
  }

  /** By the whole path: from the vault, or from the folder of the note. */
  byFile(target: string, from: Note): NamedNote | null {
    if (target === '' || /^[a-z][a-z\d+.-]*:/i.test(target)) return null;
    const fromRoot = resolved('', target);
    const fromHere = resolved(from.folder, target);
    const isHere = /^\.{1,2}\//.test(target);
    const paths = isHere ? [fromHere] : [fromRoot, fromHere];
    return paths.map((path) => this.#paths.get(path)).find((note) => note !== undefined) ?? null;
  }
}

function key(path: string): string {
  return path.normalize('NFC').toLowerCase().replace(/\.md$/, '');
}

function resolved(folder: string, target: string): string {
  const parts: string[] = target.startsWith('/') || folder === '' ? [] : folder.split('/');
  for (const part of target.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return key(parts.join('/'));
}

function lastPart(target: string): string {
  return (target.split('/').at(-1) ?? '').trim().replace(/\.md$/i, '');
}

/** `%20` and angle brackets are how such links hold a space. */
function decoded(file: string): string {
  const bare = file.replace(/^<(.*)>$/, '$1');
  try {
    return decodeURIComponent(bare);
  } catch {
    return bare;
  }
}
