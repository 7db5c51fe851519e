import type { Context } from '#cli/command.ts';

export type Colour = 'red' | 'yellow' | 'blue' | 'magenta' | 'green' | 'dim' | 'bold';

const SGR: Record<Colour, number> = {
  bold: 1,
  dim: 2,
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  magenta: 35,
};

/** Colours a text; it never says by colour alone what the text does not. */
export type Paint = (colour: Colour, text: string) => string;

/** Colour only on a terminal that can, and only where nobody said no (`NO_COLOR`). */
export function painter({ invocation: { env, columns } }: Context): Paint {
  const isPlain = columns === null || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return (colour, text) =>
    isPlain || text === '' ? text : `\u001b[${SGR[colour]}m${text}\u001b[0m`;
}
