import type { Context } from '#cli/command.ts';
import { printJson } from '#cli/print/output.ts';
import { painter, type Colour } from '#cli/print/style.ts';
import { visible } from '#cli/print/visible.ts';
import { CHECK_NAMES, type Finding } from '#service/doctor.ts';

const WORDS: Record<Finding['state'], [word: string, colour: Colour]> = {
  good: ['ok', 'green'],
  bad: ['bad', 'red'],
  note: ['note', 'yellow'],
  unknown: ['?', 'dim'],
};

/** One line a finding, and under what is not well the command that mends it. */
export function printFindings(context: Context, findings: readonly Finding[]): void {
  const bad = findings.filter(({ state }) => state === 'bad').length;
  if (context.isJson) {
    printJson(context, { healthy: bad === 0, findings });
    return;
  }
  const paint = painter(context);
  const width = Math.max(...CHECK_NAMES.map((name) => name.length));
  for (const { check, state, says, mend } of findings) {
    const [word, colour] = WORDS[state];
    context.print(`${paint(colour, word.padEnd(4))}  ${check.padEnd(width)}  ${visible(says)}\n`);
    if (mend !== null) context.print(`      ${' '.repeat(width)}  mend: ${visible(mend)}\n`);
  }
  const things = bad === 1 ? '1 thing is' : `${bad} things are`;
  context.print(bad === 0 ? 'all is well\n' : `${things} not well\n`);
}
