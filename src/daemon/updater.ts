import { existsSync } from 'node:fs';
import { ConfigError } from '#config/load.ts';
import { HephError } from '#core/errors.ts';
import type { Clock } from '#core/ports.ts';
import { inUse, turnTo } from '#daemon/current.ts';
import type { Note } from '#daemon/log.ts';
import { Turns } from '#daemon/turns.ts';
import type { Result } from '#protocol/methods.ts';
import { VERSION } from '#protocol/version.ts';
import { openFeed, type Feed } from '#update/feed.ts';
import { offerOf, type Offer } from '#update/offer.ts';
import { backupBeforeUpdate, type UpdatePlaces } from '#update/places.ts';
import { handOverMs, probationText, trialLimitS } from '#update/probation.ts';
import { UpdateError } from '#update/problem.ts';
import { rehearse, stage, type StagePorts } from '#update/stage.ts';
import { readState, writeState, type UpdateState } from '#update/state.ts';
import { removeForGood, writeWhole } from '#update/whole-file.ts';

export interface UpdaterPorts extends Pick<StagePorts, 'copyStore' | 'problemsOf' | 'run'> {
  places: UpdatePlaces;
  backups: string;
  handOver: string;
  /** What the settings say now. @throws {ConfigError} */
  wish: () => UpdateWish;
  platform: string;
  clock: Clock;
  /** Null, or why this hephd does not replace itself. */
  whyNot: string | null;
  /** Do something while nothing is being changed: to leave in the middle of a large change would undo it. */
  betweenChanges: <T>(work: () => Promise<T>) => Promise<T>;
  /** Have the daemon leave, once what has begun is done. */
  leave: (why: string) => void;
  /** Aborted when the daemon leaves. */
  stop: AbortSignal;
  log: Note;
}

export interface UpdateWish {
  /** Without being asked. */
  isOn: boolean;
  /** An address, or empty. */
  feed: string;
  /** All public keys that may sign. */
  keys: readonly string[];
}

/** How long clients are asked to wait for the next daemon: its links, the end of this one, its start. */
const HAND_OVER_MS = 60_000;
const LINKS_MS = 10_000;

/** Goes over to newer versions: when asked, and by itself where that is wanted. */
export class Updater {
  readonly #ports: UpdaterPorts;
  /** One at a time. */
  readonly #turns = new Turns();

  constructor(ports: UpdaterPorts) {
    this.#ports = ports;
  }

  /** What is newer, whoever may take it. */
  check(): Promise<Result<'update.check'>> {
    return this.#inTurn(async () => {
      const offer = await this.#offer(this.#source());
      const { version = null, byHandOnly = null } = offer ?? {};
      return { running: VERSION, newer: version, by_hand_only: byHandOnly };
    });
  }

  /** Go over to what is newer, because somebody asks for it. */
  start(): Promise<Result<'update.start'>> {
    return this.#inTurn(async () => {
      this.#mayReplace();
      const source = this.#source();
      const offer = await this.#offer(source);
      if (offer === null) return { from: VERSION, to: null };
      await this.#goOver(source.feed, offer);
      return { from: VERSION, to: offer.version };
    });
  }

  /** Go back to the version before this one, if that works on the store as it is now. */
  rollback(): Promise<Result<'update.rollback'>> {
    return this.#inTurn(async () => {
      this.#mayReplace();
      const { places } = this.#ports;
      const to = readState(places.state).previous;
      if (to === null || !existsSync(`${places.versions}/${to}/bin/hephd`))
        throw refusal('no_version', 'cannot go back: there is no version before this one', null);
      await this.#rehearseWayBack(to);
      await this.#ports.betweenChanges(() => this.#goBack(to));
      return { from: VERSION, to };
    });
  }

  async #goBack(to: string): Promise<void> {
    const { places, clock, leave } = this.#ports;
    this.#ifStaying();
    const at = new Date(clock.nowMs()).toISOString();
    const why = 'somebody went back from it';
    const others = readState(places.state).bad.filter(({ version }) => version !== VERSION);
    const bad = [...others, { version: VERSION, why, at }];
    // The version to go back to is only forgotten once it is in use: cut short, it can be asked for again.
    this.#note({ bad });
    this.#announce(HAND_OVER_MS);
    await this.link(to);
    turnTo(places, to);
    const last_result = `went back from ${VERSION} to ${to}`;
    this.#note({ previous: null, pending: null, last_result });
    leave('rollback');
  }

  /** @throws {HephError} where it cannot read the store as it is now, or the settings, or does not run. */
  async #rehearseWayBack(to: string): Promise<void> {
    const { places, backups, stop } = this.#ports;
    const folder = `${places.versions}/${to}`;
    try {
      await rehearse(to, folder, `cannot go back to ${to}`, { ...this.#ports, signal: stop });
    } catch (error) {
      if (!(error instanceof UpdateError)) throw error;
      const copy = backupBeforeUpdate(backups, VERSION);
      const hint = `the store as it was before the update, without all since then, is in ${copy}`;
      throw refusal(error.code, error.message, existsSync(copy) ? hint : null);
    }
  }

  /** Manual pages and completions are linked one by one, and a version may have others than the one before. */
  async link(version: string): Promise<void> {
    const { places, run, log } = this.#ports;
    const script = `${places.versions}/${version}/install.sh`;
    const { code, stderr } = await run(script, ['--links'], LINKS_MS);
    if (code !== 0) log('no-links', { version, why: stderr.trim() });
  }

  /** Go over to what is newer, because it is time to look. What comes of it is in the log and in the state. */
  look(): Promise<void> {
    return this.#inTurn(() => this.#look()).catch(() => undefined);
  }

  async #look(): Promise<void> {
    await this.#told(async () => this.#mayReplace());
    const source = this.#source();
    const offer = await this.#offer(source);
    if (offer?.byHandOnly !== null) return;
    // A download takes a while, and off is off.
    await this.#goOver(source.feed, offer, () => this.#wish().isOn);
  }

  async #offer({ feed, where, keys }: Source): Promise<Offer | null> {
    const { platform, clock, places } = this.#ports;
    const nowMs = clock.nowMs();
    return this.#told(async () => {
      const { bad } = readState(places.state);
      const offer = await offerOf(feed, { keys, nowMs, running: VERSION, platform, where, bad });
      const last_check = new Date(nowMs).toISOString();
      this.#note({ last_check, last_result: foundIn(offer) });
      // One that is to be taken may fail yet.
      if (offer?.byHandOnly !== null) this.#note({ failures: 0 });
      return offer;
    });
  }

  async #goOver(feed: Feed, offer: Offer, isWanted = () => true): Promise<void> {
    const { stop, betweenChanges, log } = this.#ports;
    const to = offer.version;
    log('updating', { from: VERSION, to });
    const rehearsedMs = await this.#told(() =>
      stage(offer, { ...this.#ports, feed, signal: stop }),
    );
    await betweenChanges(async () => {
      this.#ifStaying();
      if (isWanted()) this.#handOver(to, trialLimitS(rehearsedMs));
    });
  }

  #handOver(to: string, limitS: number): void {
    const { places, backups, leave } = this.#ports;
    // Somebody may have installed another while this one was downloaded.
    this.#mayReplace();
    // A copy from another time must not be taken for the one that is made now.
    removeForGood(backupBeforeUpdate(backups, to));
    this.#note({ pending: { from: VERSION, to }, last_result: `going over to ${to}`, failures: 0 });
    try {
      this.#announce(handOverMs(limitS));
      writeWhole(places.probation, probationText({ from: VERSION, to, boots: 0, limitS }));
    } catch (error) {
      this.#note({ pending: null, last_result: `cannot update to ${to}: ${String(error)}` });
      throw error;
    }
    leave('update');
  }

  #announce(forMs: number): void {
    const { clock, handOver } = this.#ports;
    const until = clock.nowMs() + forMs;
    writeWhole(handOver, `${JSON.stringify({ until_ms: until })}\n`);
  }

  /** One at a time, and none once this process leaves: whoever asks is answered by the next. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.take(() => {
      this.#ifStaying();
      return work();
    });
  }

  #ifStaying(): void {
    if (this.#ports.stop.aborted) throw new HephError({ code: 'draining' });
  }

  /** What goes wrong is in the log and in the state, and whoever asked is told. */
  async #told<T>(work: () => Promise<T>): Promise<T> {
    const { places, log } = this.#ports;
    try {
      return await work();
    } catch (error) {
      this.#ifStaying();
      const message = messageOf(error);
      log('no-update', { why: message });
      const { failures } = readState(places.state);
      this.#note({ last_result: message, failures: failures + 1 });
      if (error instanceof UpdateError) throw refusal(error.code, message, null);
      throw error;
    }
  }

  #source(): Source {
    const { feed: where, keys } = this.#wish();
    if (where === '')
      throw refusal(
        'bad_feed',
        'cannot look for a newer version: no feed is set',
        'set one with: heph config set update.feed https://…',
      );
    return { where, keys, feed: openFeed(where, { signal: this.#ports.stop }) };
  }

  #wish(): UpdateWish {
    try {
      return this.#ports.wish();
    } catch (error) {
      if (error instanceof ConfigError) throw refusal('bad_settings', error.message, null);
      throw error;
    }
  }

  #mayReplace(): void {
    const { whyNot, places } = this.#ports;
    if (whyNot !== null) throw refusal('not_ours', `cannot replace this hephd: ${whyNot}`, null);
    const installed = inUse(places) ?? 'no version';
    if (installed === VERSION) return;
    const message = `cannot replace hephd ${VERSION}: ${installed} is installed by now`;
    throw refusal('not_current', message, 'go over to that with: heph daemon restart');
  }

  #note(change: Partial<UpdateState>): void {
    const { places } = this.#ports;
    writeState(places.state, { ...readState(places.state), ...change });
  }
}

/** A feed, the address that it has, and those who may sign what comes from it. */
interface Source {
  feed: Feed;
  where: string;
  keys: readonly string[];
}

function foundIn(offer: Offer | null): string {
  if (offer === null) return `${VERSION} is the newest`;
  const { version, byHandOnly } = offer;
  return byHandOnly === null ? `${version} is there` : `left ${version} alone: ${byHandOnly}`;
}

function messageOf(error: unknown): string {
  if (error instanceof HephError && error.problem.code === 'no_update')
    return error.problem.message;
  return error instanceof Error ? error.message : String(error);
}

function refusal(reason: string, message: string, hint: string | null): HephError {
  return new HephError({ code: 'no_update', reason, message, hint });
}
