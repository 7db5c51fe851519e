import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Peer } from '#daemon/peer.ts';
import { changeEvent } from '#daemon/handlers/history.ts';
import { CHANGED } from '#protocol/envelope.ts';
import { entriesAfter } from '#store/history.ts';
import type { Statements } from '#store/sqlite.ts';

/** How many entries are read and sent before others have their turn. */
const BATCH = 100;

interface Watcher {
  peer: Peer;
  /** The last entry that was sent. */
  seq: number;
  isAtWork: boolean;
}

/**
 * Those who want to be told of every change. Each has a place in the change log
 * and is sent what comes after it, as fast as it reads: nothing is kept for a
 * slow one, and nothing is left out.
 */
export class Watchers {
  readonly #sql: () => Statements;
  readonly #watchers = new Set<Watcher>();

  constructor(sql: () => Statements) {
    this.#sql = sql;
  }

  /** @param seq the entry after which they begin. */
  add(peer: Peer, seq: number): void {
    if (peer.gone.aborted) return;
    const watcher = { peer, seq, isAtWork: false };
    this.#watchers.add(watcher);
    peer.gone.addEventListener('abort', () => this.#watchers.delete(watcher), { once: true });
    void this.#send(watcher);
  }

  /** Something was changed. */
  wake(): void {
    for (const watcher of this.#watchers) void this.#send(watcher);
  }

  /** The change log is another one: each has to look again from where it stands. */
  dismiss(): void {
    for (const { peer } of this.#watchers) peer.end();
    this.#watchers.clear();
  }

  async #send(watcher: Watcher): Promise<void> {
    if (watcher.isAtWork) return;
    watcher.isAtWork = true;
    try {
      await this.#catchUp(watcher);
    } catch {
      // The log cannot be read. Whoever watches asks again, and is then told why.
      this.#watchers.delete(watcher);
      watcher.peer.end();
    }
    watcher.isAtWork = false;
  }

  async #catchUp(watcher: Watcher): Promise<void> {
    // Never before the answer to the request that made the watcher or the change.
    await nextTurn();
    while (this.#watchers.has(watcher)) {
      const entries = entriesAfter(this.#sql(), watcher.seq, BATCH);
      if (entries.length === 0) break;
      for (const entry of entries) watcher.peer.notify(CHANGED, changeEvent(entry));
      watcher.seq = entries.at(-1)?.seq ?? watcher.seq;
      await watcher.peer.ready();
      await nextTurn();
    }
  }
}
