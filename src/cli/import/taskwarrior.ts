import { readJson } from '#cli/import/json.ts';
import { whyNot } from '#cli/import/limits.ts';
import { withoutBom, type ImportProblem, type ImportResult } from '#cli/import/reader.ts';
import {
  asExported,
  recordOf,
  type Exported,
  type TaskNames,
} from '#cli/import/taskwarrior-task.ts';

interface Item {
  place: string;
  task: Exported;
}

/**
 * The output of `task export`: a list, or an object a line.
 *
 * Taskwarrior keeps a repeating task as a template, and beside it each
 * occurrence that has come up. Here the template becomes the one task that
 * repeats, its occurrences that wait are folded into it, and those that are
 * over stay tasks of their own, as do those whose template is over. An
 * occurrence whose template is not in the export stands for it.
 *
 * @param name of the file, for the places of problems.
 * @param zone the zone in which its dates were meant; the machine's, where undefined.
 */
export function readTaskwarrior(text: string, name: string, zone?: string): ImportResult {
  const result: ImportResult = { records: [], problems: [] };
  const items = itemsOf(withoutBom(text).trim(), name, result.problems);
  const { singles, occurrences } = folded(items);
  const names = namesOf(singles, occurrences);
  for (const { place, task } of singles) {
    const { record, odd } = recordOf(task, occurrences.get(task.uuid) ?? [], names, zone);
    const why = whyNot(record);
    if (why === null) result.records.push(record);
    else result.problems.push({ place, why });
    result.problems.push(...odd.map((each) => ({ place, why: each })));
  }
  return result;
}

function itemsOf(text: string, name: string, problems: ImportProblem[]): Item[] {
  const seen = new Set<string>();
  return valuesOf(text, name, problems).flatMap(({ place, value }) => {
    const checked = asExported(value);
    const why =
      typeof checked === 'string'
        ? checked
        : seen.has(checked.uuid) && `cannot take the task ${checked.uuid} twice`;
    if (typeof why === 'string') problems.push({ place, why });
    if (typeof why === 'string' || typeof checked === 'string') return [];
    seen.add(checked.uuid);
    return [{ place, task: checked }];
  });
}

function valuesOf(
  text: string,
  name: string,
  problems: ImportProblem[],
): { place: string; value: unknown }[] {
  if (text === '') return [];
  if (text.startsWith('{')) return linesOf(text, name, problems);
  const { problem, ...read } = readJson(text, name);
  if (problem !== null) problems.push(problem);
  const values = 'value' in read ? read.value : [];
  if (Array.isArray(values)) {
    return values.map((value: unknown, i) => ({ place: `${name}, record ${i + 1}`, value }));
  }
  problems.push({ place: name, why: 'cannot take this: it is not the output of task export' });
  return [];
}

/** Each line stands for itself; old versions put a comma at its end. */
function linesOf(
  text: string,
  name: string,
  problems: ImportProblem[],
): { place: string; value: unknown }[] {
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    const { problem, ...read } = readJson(line.replace(/,\s*$/, ''), name);
    const place = `${name}, line ${i + 1}`;
    if (problem === null && 'value' in read) return [{ place, value: read.value }];
    problems.push({ place, why: 'cannot read this line as JSON: it was left out' });
    return [];
  });
}

/** The tasks to be made, and by uuid of a template its occurrences that wait, the earliest first. */
function folded(items: Item[]): { singles: Item[]; occurrences: Map<string, Exported[]> } {
  const statuses = new Map(items.map(({ task }) => [task.uuid, task.status]));
  const singles: Item[] = [];
  const occurrences = new Map<string, Exported[]>();
  const orphans = new Map<string, Item>();
  for (const item of items) {
    const { parent, status } = item.task;
    const isWaiting = status === 'pending' || status === 'waiting';
    const template = typeof parent === 'string' ? statuses.get(parent) : undefined;
    const isOver = template !== undefined && template !== 'recurring';
    if (!isWaiting || typeof parent !== 'string' || isOver) {
      singles.push(item);
      continue;
    }
    occurrences.set(parent, [...(occurrences.get(parent) ?? []), item.task]);
    if (template === undefined && !orphans.has(parent)) orphans.set(parent, item);
  }
  for (const [parent, { place, task }] of orphans) {
    singles.push({ place, task: { ...task, uuid: parent, status: 'recurring' } });
  }
  for (const list of occurrences.values()) list.sort((a, b) => order(a) - order(b));
  return { singles, occurrences };
}

function order(occurrence: Exported): number {
  return Number(occurrence['imask'] ?? 0);
}

/** What a uuid is called here: an occurrence that was folded goes by its template. */
function namesOf(singles: Item[], occurrences: Map<string, Exported[]>): TaskNames {
  const names: TaskNames = new Map();
  for (const { task } of singles) {
    names.set(task.uuid, task);
    for (const each of occurrences.get(task.uuid) ?? []) names.set(each.uuid, task);
  }
  return names;
}
