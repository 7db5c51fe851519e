import type { Peer } from '#daemon/peer.ts';
import { PROGRESS, type Progress } from '#protocol/envelope.ts';

/** Well below what a client waits for an answer, and about as long as a person waits without a word. */
const SIGN_MS = 2000;

/**
 * Do what may take minutes, and let whoever asked know now and then that it is
 * at work: how far it said last that it is.
 * @param work given the peer through which it says so.
 */
export async function withSignsOfLife<T>(peer: Peer, work: (peer: Peer) => Promise<T>): Promise<T> {
  let last: Progress = { id: peer.request, done: 0, total: 1 };
  const notify: Peer['notify'] = (method, params) => {
    if (method === PROGRESS) last = params as Progress;
    peer.notify(method, params);
  };
  const timer = setInterval(() => peer.notify(PROGRESS, last), SIGN_MS);
  try {
    return await work({ ...peer, notify });
  } finally {
    clearInterval(timer);
  }
}
