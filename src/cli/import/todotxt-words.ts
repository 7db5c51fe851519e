import { isDay } from '#cli/import/civil.ts';
import type { CivilDate } from '#core/dates.ts';

/** What the words of a todo.txt task say. */
interface Words {
  /** Without what has a place of its own, but for signs in the middle of the sentence. */
  title: string;
  /** All but the priority: it moves there when a task is done. */
  source: string;
  /** Without their signs, in order. */
  projects: string[];
  contexts: string[];
  due: CivilDate | null;
  threshold: CivilDate | null;
  /** As written: `1w`, `+1m`. */
  rec: string | null;
  /** As an RRULE. */
  rule: string | null;
  /** Of `pri:A`. */
  priority: string | null;
  /** What could not be read and stays in the title. */
  odd: string[];
}

export function wordsOf(text: string): Words {
  const words: Words = {
    title: '',
    source: text
      .split(' ')
      .filter((word) => !isPriority(word))
      .join(' '),
    projects: [],
    contexts: [],
    due: null,
    threshold: null,
    rec: null,
    rule: null,
    priority: null,
    odd: [],
  };
  const sentence = text.split(' ').filter((word) => !take(word, words));
  words.title = trimmed(sentence).join(' ');
  return words;
}

/** Put a word where it belongs; true where the title does not need it. */
function take(word: string, words: Words): boolean {
  const sign = /^([+@])(\S+)$/.exec(word);
  if (sign) {
    const list = sign[1] === '+' ? words.projects : words.contexts;
    const name = sign[2] ?? '';
    if (!list.includes(name)) list.push(name);
    return false;
  }
  if (isPriority(word)) {
    words.priority ??= word.slice(-1);
    return true;
  }
  const [, key, value = ''] = /^(due|t|rec):(\S+)$/.exec(word) ?? [];
  if (key === 'due' || key === 't') {
    const field = key === 'due' ? 'due' : 'threshold';
    if (isDay(value) && words[field] === null) {
      words[field] = value;
      return true;
    }
    words.odd.push(`cannot take ${word} as a date: it stays in the title`);
  }
  if (key === 'rec') {
    const rule = ruleOf(value);
    if (rule !== null && words.rule === null) {
      words.rec = value;
      words.rule = rule;
      return true;
    }
    words.odd.push(`cannot repeat a task by ${word}: it stays in the title`);
  }
  return false;
}

function isPriority(word: string): boolean {
  return /^pri:[A-Z]$/.test(word);
}

/** Signs before and after a sentence say nothing in it; in its middle they are words of it. */
function trimmed(words: string[]): string[] {
  const isSign = (word: string) => word === '' || /^[+@]\S/.test(word);
  const from = words.findIndex((word) => !isSign(word));
  return from === -1 ? words : words.slice(from, words.findLastIndex((word) => !isSign(word)) + 1);
}

const FREQUENCIES: Record<string, string | undefined> = {
  d: 'DAILY',
  w: 'WEEKLY',
  m: 'MONTHLY',
  y: 'YEARLY',
};

/** `1w`, `+3m`, `1b` for each working day. */
function ruleOf(rec: string): string | null {
  const [, count = '', unit = ''] = /^\+?([1-9]\d{0,3})([dwmyb])$/.exec(rec) ?? [];
  if (unit === 'b') return count === '1' ? 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR' : null;
  if (unit === '') return null;
  return `FREQ=${FREQUENCIES[unit]}${count === '1' ? '' : `;INTERVAL=${count}`}`;
}
