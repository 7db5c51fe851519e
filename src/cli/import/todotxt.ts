import { noonMs } from '#cli/import/civil.ts';
import { importId, UNKNOWN_MS } from '#cli/import/import-id.ts';
import { tagsOf, titleOf, whyNot } from '#cli/import/limits.ts';
import { withoutBom, type ImportResult } from '#cli/import/reader.ts';
import { wordsOf } from '#cli/import/todotxt-words.ts';
import type { CivilDate } from '#core/dates.ts';
import type { Attention } from '#core/task.ts';
import type { NodeRecord } from '#protocol/records.ts';

type TaskRecord = Extract<NodeRecord, { kind: 'task' }>;

interface Line {
  isDone: boolean;
  priority: string | null;
  completed: CivilDate | null;
  created: CivilDate | null;
  text: string;
}

/** Priorities go on to Z; what stands below C is on deck. */
const ATTENTIONS: Record<string, Attention | undefined> = { A: 'red', B: 'orange', C: 'white' };
/** Those that can be told from the attention, so that no line of the body says them. */
const TOLD = new Set(['A', 'B']);

/**
 * A todo.txt file. The id of a task comes from its creation date and text
 * without mark and priority, so that a task done since the last import is found.
 * @param name of the file, for the places of problems.
 */
export function readTodotxt(text: string, name: string): ImportResult {
  const result: ImportResult = { records: [], problems: [] };
  const seen = new Map<string, number>();
  for (const [i, line] of withoutBom(text).split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const place = `${name}:${i + 1}`;
    const { record, odd } = recordOf(parsed(line), seen);
    const why = whyNot(record);
    if (why === null) result.records.push(record);
    else result.problems.push({ place, why });
    result.problems.push(...odd.map((each) => ({ place, why: each })));
  }
  return result;
}

/** The marks before the text, as the format has them; a date that no moment can stand for belongs to the text. */
function parsed(line: string): Line {
  let text = line.trim();
  const take = (pattern: RegExp) => {
    const found = pattern.exec(text)?.[1];
    if (found !== undefined) text = text.replace(pattern, '');
    return found ?? null;
  };
  const takeDay = () => {
    const day = /^(\S+) /.exec(text)?.[1] ?? '';
    return noonMs(day) === null ? null : take(/^(\S+) +/);
  };
  const isDone = take(/^(x) +/) !== null;
  const priority = take(/^\(([A-Z])\) +/);
  const first = takeDay();
  if (!isDone) return { isDone, priority, completed: null, created: first, text };
  return { isDone, priority, completed: first, created: takeDay(), text };
}

function recordOf(line: Line, seen: Map<string, number>): { record: TaskRecord; odd: string[] } {
  const { isDone, completed, created } = line;
  const words = wordsOf(line.text);
  const priority = line.priority ?? words.priority;
  const createdMs = created === null ? null : noonMs(created);
  const source = `todotxt:${created ?? ''}:${words.source}`;
  const before = seen.get(source) ?? 0;
  seen.set(source, before + 1);
  const id = importId(`${source}:${before}`, createdMs);

  const title = titleOf(words.title);
  const project = titleOf(words.projects[0] ?? '');
  const tags = tagsOf([...words.contexts, ...words.projects.slice(1)]);
  const isCut = !title.isWhole || tags.changed.length > 0;
  const lines = isCut || (words.projects.length > 0 && !project.isWhole) ? [line.text] : [];
  if (priority !== null && !TOLD.has(priority)) lines.push(`priority: ${priority}`);
  if (isDone && words.rec !== null) lines.push(`rec: ${words.rec}`);

  const doneMs = completed === null ? null : noonMs(completed);
  const firstMs = createdMs ?? UNKNOWN_MS;
  const text = 'Completed in todo.txt.';
  const recurrence = isDone ? null : words.rule;
  const record: TaskRecord = {
    kind: 'task',
    node_id: id,
    title: title.title,
    created_at: firstMs,
    updated_at: Math.max(firstMs, doneMs ?? firstMs),
    tags: tags.tags,
    body: lines.map((each) => `${each}\n`).join(''),
    log: doneMs === null ? [] : [{ entry_id: importId(`${id}:end`, doneMs), at: doneMs, text }],
    tombstoned: false,
    state: isDone ? 'done' : 'outstanding',
    attention: priority === null ? 'white' : (ATTENTIONS[priority] ?? 'blue'),
    do_on: words.threshold,
    late_from: words.due,
    recurrence,
    recur_from: recurrence === null || words.rec?.startsWith('+') === true ? 'schedule' : 'done',
    project_id: null,
    project: words.projects.length > 0 ? project.title : null,
    key: null,
  };
  return { record, odd: words.odd };
}
