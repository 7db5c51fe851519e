import { existsSync, readFileSync } from 'node:fs';
import { VERSION_FORM } from '#update/version.ts';

/** A new version is being tried. The same file is read and written by `scripts/artefact/launcher`. */
export interface Probation {
  from: string;
  to: string;
  /** How often the new version was tried. */
  boots: number;
  /** How long a try may take. */
  limitS: number;
}

/** What a try may take at least, whatever the store; and where nothing is said. */
const LIMIT_S_MIN = 20;
const LIMIT_S_MAX = 9999;

/**
 * A try does to the store what was rehearsed with a copy of it, and may have to wait
 * for a busier disk.
 * @returns seconds
 */
export function trialLimitS(rehearsedMs: number): number {
  return Math.min(LIMIT_S_MIN + Math.ceil((4 * rehearsedMs) / 1000), LIMIT_S_MAX);
}

export function probationText({ from, to, boots, limitS }: Probation): string {
  return `from ${from}\nto ${to}\nboots ${boots}\nlimit ${limitS}\n`;
}

/** What is left to do once both tries have failed. */
const WAY_BACK_MS = 20_000;
/** Clients take a moment that is two minutes off for a clock that has jumped, and nobody should wait longer. */
const HAND_OVER_MS_MAX = 115_000;

/** How long clients are asked to wait for a version on probation: through two tries of it, as far as they believe that. */
export function handOverMs(limitS: number): number {
  return Math.min(2 * limitS * 1000 + WAY_BACK_MS, HAND_OVER_MS_MAX);
}

/** Null where there is none. */
export function readProbation(path: string): Probation | null {
  return existsSync(path) ? parseProbation(readFileSync(path, 'utf8')) : null;
}

/** Null for what is no probation: the launcher takes such a file for none, too. Of a line said twice, the last counts. */
export function parseProbation(text: string): Probation | null {
  const words = new Map(
    // What comes after the last end of a line is what a power cut has left.
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => {
        const [name = '', value = ''] = line.split(' ');
        return [name, value];
      }),
  );
  const said = ['from', 'to', 'boots', 'limit'].map((name) => words.get(name));
  const [from = '', to = '', boots = '', limit = ''] = said;
  if (![from, to].every((version) => VERSION_FORM.test(version))) return null;
  const limitS = /^\d{1,4}$/.test(limit) ? Number(limit) : LIMIT_S_MIN;
  return { from, to, boots: /^\d$/.test(boots) ? Number(boots) : 9, limitS };
}
