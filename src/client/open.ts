import { Client } from '#client/client.ts';
import { ClientError } from '#client/errors.ts';
import { handOverUntil } from '#client/hand-over.ts';
import { socketDialer } from '#client/socket';
import { socketPathProblem, type Paths } from '#config/paths.ts';
import type { DaemonHello } from '#protocol/envelope.ts';

/**
 * A client of whoever listens on these paths. Nothing is dialled until the
 * first request.
 * @throws {ClientError} `bad_socket`, before the runtime cuts the path short.
 */
export function openClient(paths: Paths, onHello?: (hello: DaemonHello) => void): Client {
  const why = socketPathProblem(paths.socket);
  if (why !== null) throw new ClientError({ code: 'bad_socket', socket: paths.socket, why });
  return new Client({
    dialer: socketDialer(paths.socket),
    socket: paths.socket,
    handOverUntil: () => handOverUntil(paths.handOver, Date.now()),
    onHello,
  });
}
