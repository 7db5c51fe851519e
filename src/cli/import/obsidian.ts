import { importId } from '#cli/import/import-id.ts';
import { titleOf, whyNot } from '#cli/import/limits.ts';
import type { ImportProblem, ImportResult, TextFile } from '#cli/import/reader.ts';
import { relinker, type NamedNote } from '#cli/import/vault-links.ts';
import { noteOf, type Note } from '#cli/import/vault-note.ts';
import type { NodeRecord } from '#protocol/records.ts';

/**
 * The notes of an Obsidian vault, or of a folder of zk.
 *
 * A file named after a day becomes the journal of that day, any other a doc.
 * Bodies stay as they are to the byte, but for links that would lead nowhere.
 *
 * @param vault a name of the vault: together with the path of a note it makes
 *   the note's id, so that two vaults do not overwrite each other.
 */
export async function readVault(files: TextFile[], vault: string): Promise<ImportResult> {
  const problems: ImportProblem[] = [];
  const read = await Promise.all(files.map((file) => noteOf(file, problems)));
  const notes = named(read.toSorted(nearerFirst), vault, problems);
  const relink = relinker(notes);
  const records: NodeRecord[] = [];
  for (const note of notes) {
    const record = recordOf(note, note.kept + relink(note));
    const why = whyNot(record);
    if (why === null) records.push(record);
    else problems.push({ place: note.path, why });
  }
  return { records, problems };
}

function recordOf(note: NamedNote, body: string): NodeRecord {
  const common = {
    node_id: note.id,
    title: note.title,
    created_at: note.createdMs,
    updated_at: note.updatedMs,
    tags: note.tags,
    body,
    log: [],
    tombstoned: false,
  };
  return note.day === null
    ? { kind: 'doc', ...common }
    : { kind: 'journal', ...common, day: note.day };
}

/** By depth, then by path: of two notes of one name the upper one keeps it. */
function nearerFirst(a: Note, b: Note): number {
  const depth = ({ path }: Note) => path.split('/').length;
  return depth(a) - depth(b) || (a.path < b.path ? -1 : 1);
}

/** Give each note its id and a title that no other has. */
function named(notes: Note[], vault: string, problems: ImportProblem[]): NamedNote[] {
  const titles = new Set<string>();
  const days = new Map<string, string>();
  return notes.map((note) => {
    const first = note.day === null ? undefined : days.get(note.day);
    if (first !== undefined) {
      const why = `cannot keep two journals of ${note.day}: ${first} is it, and this became a doc`;
      problems.push({ place: note.path, why });
    } else if (note.day !== null) {
      days.set(note.day, note.path);
    }
    const title = freeTitle(note, titles);
    titles.add(title.toLowerCase());
    const id = importId(`obsidian:${vault}:${note.path}`, null);
    return { ...note, id, title, day: first === undefined ? note.day : null };
  });
}

/** Its own title; with its folder, with its path, where others have it. */
function freeTitle({ title, folder, path }: Note, taken: Set<string>): string {
  const bare = path.replace(/\.md$/i, '');
  const wanted = [title, folder === '' ? '' : `${title} (${folder})`, `${title} (${bare})`];
  const free = wanted
    .map((each) => titleOf(each))
    .find((each) => each.isWhole && !taken.has(each.title.toLowerCase()));
  return free?.title ?? titleOf(`${importId(path, null)} ${title}`).title;
}
