import { connect } from 'node:net';
import type { Paths } from '#config/paths.ts';
import { HELLO, helloLine, requestLine } from '#protocol/envelope.ts';
import { LIMITS } from '#core/node.ts';
import { LineReader } from '#protocol/framing.ts';
import { VERSION } from '#protocol/version.ts';

/** Serve on these paths until told to stop. */
export type Serve = (paths: Paths, stop: AbortSignal, onServing: () => void) => Promise<void>;

/** How long the answers may take, once it listens. */
const ANSWER_MS = 10_000;

/**
 * Be a daemon on these paths for as long as it takes to ask it something. Who
 * can do that can read its settings, open and migrate the store, bind a socket
 * and answer on it.
 * @param stop ends it early, which is no success either.
 * @throws what went wrong.
 */
export async function selfTest(paths: Paths, serve: Serve, stop: AbortSignal): Promise<void> {
  const enough = new AbortController();
  const listening = Promise.withResolvers<void>();
  const served = serve(paths, AbortSignal.any([stop, enough.signal]), listening.resolve);
  try {
    // A daemon that ends before it listens has thrown, or was told to go.
    await Promise.race([listening.promise, served]);
    stop.throwIfAborted();
    await askWhatIsNext(paths.socket);
  } finally {
    enough.abort('self-test');
    await served;
  }
}

/** Greet as a client does, and ask what is next. */
async function askWhatIsNext(path: string): Promise<void> {
  const answered = Promise.withResolvers<void>();
  const socket = connect(path);
  const reader = new LineReader(LIMITS.messageBytes);
  const timer = setTimeout(() => answered.reject(new Error('it does not answer')), ANSWER_MS);
  socket.on('error', answered.reject);
  socket.on('close', () => answered.reject(new Error('it hangs up')));
  socket.on('data', (chunk) => {
    for (const line of reader.push(chunk)) {
      const { method, params, id, result } = JSON.parse(line) as Answer;
      if (method === HELLO) {
        if (params?.version !== VERSION) answered.reject(new Error('somebody else answers'));
        socket.write(`${helloLine()}\n${requestLine(1, 'task.next', {})}\n`);
      } else if (id === 1) {
        if (result === undefined) answered.reject(new Error(`it answers: ${line.slice(0, 500)}`));
        else answered.resolve();
      }
    }
  });
  try {
    await answered.promise;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

interface Answer {
  method?: string;
  params?: { version?: string };
  id?: number;
  result?: unknown;
}
