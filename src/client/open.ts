import { Client, type ClientOptions } from '#client/client.ts';
import { ClientError } from '#client/errors.ts';
import { handOverUntil } from '#client/hand-over.ts';
import { socketDialer } from '#client/socket';
import { socketPathProblem, type Paths } from '#config/paths.ts';
import { versionInUse } from '#client/version-in-use.ts';
import { VERSION } from '#protocol/version.ts';

export interface Curious {
  /** The client's own, links resolved. */
  executable: string;
  /** Told when hephd is not of the installed version, unless it is just being replaced. */
  onOtherVersion(running: string, installed: string): void;
}

/**
 * A client of whoever listens on these paths. Nothing is dialled until the
 * first request.
 * @param onWait as in {@link ClientOptions}.
 * @throws {ClientError} `bad_socket`, before the runtime cuts the path short.
 */
export function openClient(
  paths: Paths,
  curious?: Curious,
  onWait?: ClientOptions['onWait'],
): Client {
  const why = socketPathProblem(paths.socket);
  if (why !== null) throw new ClientError({ code: 'bad_socket', socket: paths.socket, why });
  const untilMs = () => handOverUntil(paths.handOver, Date.now());
  return new Client({
    dialer: socketDialer(paths.socket),
    socket: paths.socket,
    handOverUntil: untilMs,
    onWait,
    onHello: ({ version }) => {
      if (version === VERSION || curious === undefined || untilMs() > Date.now()) return;
      const installed = versionInUse(curious.executable, paths.dataDir);
      if (version !== installed) curious.onOtherVersion(version, installed);
    },
  });
}
