import { connect } from 'node:net';
import type { Connection, Dialer } from '#protocol/transport.ts';

/** Dials a unix socket with Node's own `net`. Its twin for the compiled client is `socket-bun.ts`. */
export function socketDialer(path: string): Dialer {
  return {
    dial: (events, limitMs) => {
      const { promise, resolve, reject } = Promise.withResolvers<Connection>();
      const socket = connect(path);
      const timer = setTimeout(() => {
        socket.destroy();
        reject(new Error(`no connection within ${limitMs} ms`));
      }, limitMs);
      let connected = false;
      socket.once('connect', () => {
        clearTimeout(timer);
        connected = true;
        resolve({
          write: (text) => socket.writable && !socket.write(text),
          end: () => void socket.end(),
          destroy: () => void socket.destroy(),
        });
      });
      socket.on('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      socket.on('drain', () => events.drained?.());
      socket.on('data', (chunk) => events.data(chunk));
      socket.once('close', () => {
        if (connected) events.closed();
      });
      return promise;
    },
  };
}
