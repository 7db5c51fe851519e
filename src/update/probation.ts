import { existsSync, readFileSync } from 'node:fs';
import { VERSION_FORM } from '#update/version.ts';

/** A new version is being tried. The same file is read and written by `scripts/artefact/launcher`. */
export interface Probation {
  from: string;
  to: string;
  /** How often the new version was tried. */
  boots: number;
}

export function probationText({ from, to, boots }: Probation): string {
  return `from ${from}\nto ${to}\nboots ${boots}\n`;
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
  const [from = '', to = '', boots = ''] = ['from', 'to', 'boots'].map((name) => words.get(name));
  if (![from, to].every((version) => VERSION_FORM.test(version))) return null;
  return { from, to, boots: /^\d$/.test(boots) ? Number(boots) : 9 };
}
