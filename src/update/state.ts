import { readFileSync } from 'node:fs';
import { writeWhole } from '#update/whole-file.ts';

/** What is remembered of updates between one daemon and the next: `update/state.json`. */
export interface UpdateState {
  /** What hephd goes by, or went by when it last ran. */
  policy: 'on' | 'off';
  /** Moments are ISO 8601, in UTC. */
  last_check: string | null;
  /** What came of it, or of the last update, in words. */
  last_result: string | null;
  /** Checks that failed, one after the other. */
  failures: number;
  /** Handed over to, and not yet heard of. */
  pending: { from: string; to: string } | null;
  /** The version that was in use before this one, still there to go back to. */
  previous: string | null;
  /** Versions that were tried and given back: never tried again by themselves. */
  bad: { version: string; why: string; at: string }[];
}

const NOTHING_YET: UpdateState = {
  policy: 'off',
  last_check: null,
  last_result: null,
  failures: 0,
  pending: null,
  previous: null,
  bad: [],
};

/** What cannot be read counts as nothing: at the worst, a check comes early. */
export function readState(path: string): UpdateState {
  try {
    return parseState(readFileSync(path, 'utf8'));
  } catch {
    return NOTHING_YET;
  }
}

/** Field by field, since another version may have written it. */
export function parseState(text: string): UpdateState {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return NOTHING_YET;
  }
  if (typeof value !== 'object' || value === null) return NOTHING_YET;
  const fields = value as Record<string, unknown>;
  const textOf = (name: string) => (typeof fields[name] === 'string' ? fields[name] : null);
  const { failures, bad } = fields;
  return {
    policy: fields['policy'] === 'on' ? 'on' : 'off',
    last_check: textOf('last_check'),
    last_result: textOf('last_result'),
    failures: Number.isSafeInteger(failures) ? Math.max(0, Number(failures)) : 0,
    pending: isPending(fields['pending']) ? fields['pending'] : null,
    previous: textOf('previous'),
    bad: Array.isArray(bad) ? bad.filter(isBad) : [],
  };
}

export function writeState(path: string, state: UpdateState): void {
  writeWhole(path, `${JSON.stringify(state, null, 2)}\n`);
}

function isPending(value: unknown): value is UpdateState['pending'] {
  const fields = value as Record<string, unknown> | null;
  return typeof fields?.['from'] === 'string' && typeof fields['to'] === 'string';
}

function isBad(value: unknown): value is UpdateState['bad'][number] {
  const fields = value as Record<string, unknown> | null;
  return ['version', 'why', 'at'].every((name) => typeof fields?.[name] === 'string');
}
