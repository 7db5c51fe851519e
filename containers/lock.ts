import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './run.ts';

/**
 * Keeps other processes of this machine out until disposed of, so that two test runs (even of two
 * checkouts) start one engine and build an image once.
 *
 * The lock is an abstract Unix socket: the kernel lets go of it however its holder dies, and no
 * file is left to go stale. Other systems than Linux have none, and no lock is taken there: what
 * it guards there is only work done twice.
 */
export async function exclusively(name: string): Promise<AsyncDisposable> {
  if (process.platform !== 'linux') return { [Symbol.asyncDispose]: () => Promise.resolve() };
  for (let attempt = 0; ; attempt++) {
    const server = await listen(`\0heph-containers/${name}`);
    if (server) {
      const { promise: closed, resolve } = Promise.withResolvers<void>();
      const close = () => {
        server.close(() => resolve());
        return closed;
      };
      return { [Symbol.asyncDispose]: close };
    }
    if (attempt === 5) say(`waiting for another process that holds "${name}"`);
    await sleep(200);
  }
}

function listen(path: string): Promise<Server | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Server | undefined>();
  const server = createServer();
  server.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') resolve(undefined);
    else reject(error);
  });
  server.listen({ path, exclusive: true }, () => resolve(server.unref()));
  return promise;
}
