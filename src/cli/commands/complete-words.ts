import { ASKED, type RunCommandLine } from '#cli/command.ts';
import { printJson } from '#cli/print/output.ts';
import { visible } from '#cli/print/visible.ts';
import { Client } from '#client/client.ts';
import { socketDialer } from '#client/socket';

/** Somebody has pressed a key and waits: late is as good as never. */
const LIMITS = { dialMs: 300, greetingMs: 500, answerMs: 1000 };

export const run: RunCommandLine = async (input, context) => {
  const [kind, prefix = ''] = input.args;
  const what = ASKED.find((name) => name === kind);
  const { socket } = context.paths;
  const client = new Client({
    dialer: socketDialer(socket),
    socket,
    handOverUntil: () => 0,
    limits: LIMITS,
  });
  try {
    const rows =
      what === undefined ? [] : await client.read('complete', { what, prefix }).then(rowsOf, none);
    if (context.isJson) printJson(context, rows);
    else context.print(rows.map(({ word, hint }) => `${word}\t${hint}\n`).join(''));
  } finally {
    client.close();
  }
};

interface Row {
  word: string;
  hint: string;
}

/** What a terminal can show and a line can hold: of a hint that much, a word as it is or not at all. */
function rowsOf({ rows }: { rows: Row[] }): Row[] {
  return rows
    .filter(({ word }) => visible(word) === word && !/[\t\n]/.test(word))
    .map(({ word, hint }) => ({ word, hint: visible(hint).replaceAll(/\s+/g, ' ') }));
}

/** Nobody is there, or does not answer in time: nothing to offer is no failure. */
function none(): Row[] {
  return [];
}
