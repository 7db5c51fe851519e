import type { NodeRecord } from '#protocol/records.ts';

const SLUG_CHARS = 60;
/** A name has 255 bytes on most systems; the id and the ending need some. */
const SLUG_BYTES = 200;
/** What Windows takes for a device. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

/**
 * Gives each record the path of its file: readable, safe on every system, and
 * never twice, also where capital and small letters are the same.
 */
export function fileNamer(): (record: NodeRecord) => string {
  const given = new Set<string>();
  return (record) => {
    const paths = pathsOf(record);
    const path = paths.find((each) => !given.has(each.toLowerCase())) ?? paths[0];
    given.add(path.toLowerCase());
    return path;
  };
}

/** The path it should have, and one with the whole id where another record has that. */
function pathsOf(record: NodeRecord): [string, string] {
  const folder = folderOf(record);
  const id = record.node_id;
  const isJournal = record.kind === 'journal' && !record.tombstoned;
  const name = isJournal ? record.day : slug(record.title, 'untitled');
  const short = isJournal ? name : `${name}-${id.slice(-6)}`;
  return [`${folder}/${short}.md`, `${folder}/${name}-${id}.md`];
}

function folderOf(record: NodeRecord): string {
  if (record.tombstoned) return 'deleted';
  switch (record.kind) {
    case 'task': {
      const { project } = record;
      // No slug has a space: no project can be called this.
      return `tasks/${project === null ? 'no project' : slug(project, 'project')}`;
    }
    case 'project':
      return 'projects';
    case 'doc':
      return 'docs';
    case 'journal':
      return 'journal';
  }
}

/** Letters and numbers of any script, in small letters, joined by `-`. */
function slug(text: string, otherwise: string): string {
  const plain = text
    .normalize('NFC')
    .toLowerCase()
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, '-');
  let short = '';
  for (const char of [...plain].slice(0, SLUG_CHARS)) {
    if (new TextEncoder().encode(short + char).length > SLUG_BYTES) break;
    short += char;
  }
  short = short.replaceAll(/^-|-$/g, '');
  if (short === '') return otherwise;
  return DEVICE.test(short) ? `${short}-` : short;
}
