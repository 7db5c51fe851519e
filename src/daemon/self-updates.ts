import { unwatchFile, watchFile } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadSettings } from '#config/load.ts';
import type { Settings } from '#config/settings.ts';
import { aborted } from '#daemon/aborted.ts';
import type { Note } from '#daemon/log.ts';
import { pauseMs } from '#update/pause.ts';
import type { UpdatePlaces } from '#update/places.ts';
import { readState, writeState, type UpdateState } from '#update/state.ts';

export interface SelfUpdates {
  /** The settings' file. */
  config: string;
  places: UpdatePlaces;
  /** Null, or why this hephd does not replace itself. */
  whyNot: string | null;
  /** Look for a newer version, and go over to it. */
  look: () => Promise<unknown>;
  /** Aborted when the daemon leaves. */
  stop: AbortSignal;
  log: Note;
  /** Another pace, for tests. */
  firstLookMs?: number;
  followMs?: number;
}

/** Why nothing is looked for though somebody wants it, in the log and in status. */
const NO_FEED = 'no feed is set';
/** Nobody looks for a newer version while everything starts at once. */
const FIRST_LOOK_MS = 60_000;
/** How soon a change of the settings is seen. */
const FOLLOW_MS = 5000;
/** Longer ones than 24 days are none to a timer; and clocks jump. */
const NAP_MS_MAX = 24 * 60 * 60 * 1000;

/**
 * Look for a newer version from time to time, for as long as the settings want
 * that. They are followed: switched off is off, without a restart that somebody
 * forgets. Goes on until told to stop.
 */
export async function updateByItself(options: SelfUpdates): Promise<void> {
  const { config, whyNot, stop, followMs = FOLLOW_MS } = options;
  const teller = new Teller(options);
  if (whyNot !== null) {
    teller.tell(wishIn(options));
    return;
  }
  let changed = new AbortController();
  const onChange = () => {
    changed.abort();
    changed = new AbortController();
  };
  watchFile(config, { interval: followMs, persistent: false }, onChange);
  let lookAtMs = Date.now() + (options.firstLookMs ?? FIRST_LOOK_MS);
  while (!stop.aborted) {
    const signal = AbortSignal.any([stop, changed.signal]);
    const wish = wishIn(options);
    teller.tell(wish);
    if (wish.isOn) lookAtMs = await lookOnce(options, wish.intervalS, lookAtMs, signal);
    else await aborted(signal);
  }
  unwatchFile(config, onChange);
}

/** Wait, and look if it is time. @returns when the next look is due, in epoch ms. */
async function lookOnce(
  { places, look, log }: SelfUpdates,
  intervalS: number,
  dueMs: number,
  signal: AbortSignal,
): Promise<number> {
  const nextMs = () =>
    Date.now() + pauseMs(intervalS, readState(places.state).failures, Math.random());
  const atMs = Math.min(dueMs, nextMs());
  const napMs = Math.min(Math.max(atMs - Date.now(), 0), NAP_MS_MAX);
  await sleep(napMs, undefined, { signal, ref: false }).catch(() => undefined);
  if (signal.aborted || Date.now() < atMs) return atMs;
  try {
    await look();
  } catch (error) {
    log('no-update', { why: String(error) });
  }
  return nextMs();
}

/** What the settings want, as far as it can be had. */
type Wish = { isOn: true; intervalS: number } | { isOn: false; why: string | null };

function wishIn({ config, whyNot }: SelfUpdates): Wish {
  let settings: Settings;
  try {
    settings = loadSettings(config);
  } catch (error) {
    return { isOn: false, why: (error as Error).message };
  }
  if (!settings['update.enabled']) return { isOn: false, why: null };
  const why = whyNot ?? (settings['update.feed'] === '' ? NO_FEED : null);
  return why === null
    ? { isOn: true, intervalS: settings['update.interval_s'] }
    : { isOn: false, why };
}

/** Has the log and the state say what is so, once. */
class Teller {
  readonly #options: SelfUpdates;
  #told: string | null = null;

  constructor(options: SelfUpdates) {
    this.#options = options;
  }

  tell(wish: Wish): void {
    const why = wish.isOn ? null : wish.why;
    this.#note({ policy: wish.isOn ? 'on' : 'off' });
    if (why === this.#told) return;
    this.#told = why;
    if (why === null) return;
    this.#options.log('no-update', { why });
    this.#note({ last_result: `does not update by itself: ${why}` });
  }

  #note(change: Partial<UpdateState>): void {
    const { state: path } = this.#options.places;
    const before = readState(path);
    const isNew = Object.entries(change).some(
      ([key, value]) => before[key as keyof UpdateState] !== value,
    );
    if (!isNew) return;
    try {
      writeState(path, { ...before, ...change });
    } catch (error) {
      // What status says of updates is no reason to end.
      this.#options.log('no-update', { why: String(error) });
    }
  }
}
