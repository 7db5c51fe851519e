import type { Context } from '#cli/command.ts';

const WIDTH = 24;

/** Nothing is shown of what takes less. */
const PATIENCE_MS = 1000;

/** How far something is, on a terminal, once it takes more than a second. */
export interface ProgressBar extends Disposable {
  show: (done: number, total: number) => void;
  clear: () => void;
}

export function progressBar({ invocation }: Context, what: string): ProgressBar {
  const isShown = invocation.columns !== null && invocation.env['TERM'] !== 'dumb';
  const startedMs = Date.now();
  let last = '';
  const clear = () => {
    if (last !== '') invocation.stderr('\r\u001b[K');
    last = '';
  };
  return {
    show: (done, total) => {
      if (!isShown || Date.now() - startedMs < PATIENCE_MS) return;
      const share = total === 0 ? 1 : Math.min(1, done / total);
      const full = Math.round(share * WIDTH);
      const bar = `${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}`;
      const line = `${what} [${bar}] ${Math.floor(share * 100)} %`;
      if (line !== last) invocation.stderr(`\r${line}`);
      last = line;
    },
    clear,
    [Symbol.dispose]: clear,
  };
}
