import { HephError } from '#core/errors.ts';
import type { Clock } from '#core/ports.ts';
import { backupName } from '#daemon/backup-names.ts';
import type { Note } from '#daemon/log.ts';
import type { LongQueries } from '#daemon/long-queries.ts';
import type { Peer } from '#daemon/peer.ts';
import { Turns } from '#daemon/turns.ts';
import type { Updater } from '#daemon/updater.ts';
import type { Watchers } from '#daemon/watchers.ts';
import { PROGRESS } from '#protocol/envelope.ts';
import type { KeepingMethod, Params, Result } from '#protocol/methods.ts';
import { backUp, removeStore } from '#store/backup.ts';
import { lastSeq } from '#store/history.ts';
import { openForeign } from '#store/open.ts';
import { StoreError } from '#store/problems.ts';
import { restoringName } from '#store/put-back.ts';
import { countNodes } from '#store/records.ts';
import type { Store } from '#store/store.ts';

export interface KeeperPorts {
  store: Store;
  clock: Clock;
  /** The turns of those who need a store between two changes. */
  copies: Turns;
  watchers: Watchers;
  /** Reads files without holding up the rest. */
  slowQueries: LongQueries;
  /** Those who read the store, to be put off while another file takes its place. */
  readers: readonly LongQueries[];
  /** Loaded when somebody asks for it. */
  updater: () => Promise<Pick<Updater, 'check' | 'start' | 'rollback'>>;
  /** Where backups go that nobody named a place for. */
  backups: string;
  log: Note;
}

type Keeping = { [M in KeepingMethod]: (params: Params<M>, peer: Peer) => Promise<Result<M>> };

/** What is about the store as a whole, or about the connection of whoever asks. */
export class Keeper implements Keeping {
  readonly #ports: KeeperPorts;
  /** One backup or restore at a time. */
  readonly #turns = new Turns();

  constructor(ports: KeeperPorts) {
    this.#ports = ports;
  }

  async 'history.watch'({ since }: Params<'history.watch'>, peer: Peer) {
    const { store, watchers } = this.#ports;
    const newest = lastSeq(store.sql);
    // A number from before a restore may lie ahead.
    const seq = Math.min(since ?? newest, newest);
    watchers.add(peer, seq);
    return { seq };
  }

  'store.backup'({ path }: Params<'store.backup'>, peer: Peer) {
    return this.#turns.take(() => this.backUp(path ?? this.#newName('heph'), progressTo(peer)));
  }

  'store.restore'({ path }: Params<'store.restore'>, peer: Peer) {
    return this.#turns.take(() => this.#restore(path, progressTo(peer)));
  }

  async 'update.check'() {
    return (await this.#ports.updater()).check();
  }

  async 'update.start'() {
    return (await this.#ports.updater()).start();
  }

  async 'update.rollback'() {
    return (await this.#ports.updater()).rollback();
  }

  /** A copy of the store, which waits for its turn. For backups that nobody asked for. */
  backUpInTurn(path: string, onProgress: Progress): Promise<Result<'store.backup'>> {
    return this.#turns.take(() => this.backUp(path, onProgress));
  }

  private async backUp(path: string, onProgress: Progress): Promise<Result<'store.backup'>> {
    const { store, clock, copies, log } = this.#ports;
    const bytes = await backUp(store.db, path, {
      onProgress,
      inTurn: (copy) => copies.take(copy),
      check: (file) => this.#check(file),
    });
    log('backed-up', { path, bytes });
    return { path, bytes, at: clock.nowMs() };
  }

  async #restore(path: string, onProgress: Progress): Promise<Result<'store.restore'>> {
    const { store, copies, log } = this.#ports;
    const [problem] = await this.#check(path);
    if (problem !== undefined) throw bad(path, problem);
    const next = restoringName(store.path);
    removeStore(next);
    try {
      const backup = open(path);
      try {
        await backUp(backup, next, { onProgress, check: async () => [] });
      } finally {
        backup.close();
      }
      const replaced = this.#newName('replaced');
      await copies.take(() => this.#replace(next, replaced));
      log('restored', { path, replaced });
      return { path, replaced, nodes: countNodes(store.sql) };
    } finally {
      removeStore(next);
    }
  }

  async #replace(next: string, kept: string): Promise<void> {
    const { store, watchers, readers } = this.#ports;
    await Promise.all(readers.map((reader) => reader.pause()));
    try {
      store.replace(next, kept);
    } finally {
      // Not before: who comes back meanwhile would take its place in the log that goes.
      watchers.dismiss();
      for (const reader of readers) reader.resume();
    }
  }

  async #check(path: string): Promise<string[]> {
    const json = await this.#ports.slowQueries.run('store.check', { path });
    return (JSON.parse(json) as Result<'store.check'>).problems;
  }

  #newName(what: string): string {
    const { clock, backups } = this.#ports;
    return backupName(backups, what, clock.nowMs());
  }
}

type Progress = (done: number, total: number) => void;

function progressTo(peer: Peer): Progress {
  return (done, total) => peer.notify(PROGRESS, { id: peer.request, done, total });
}

function open(path: string) {
  try {
    return openForeign(path);
  } catch (error) {
    throw error instanceof StoreError ? bad(path, error.why) : error;
  }
}

function bad(path: string, why: string): HephError {
  return new HephError({ code: 'bad_backup', path, why });
}
