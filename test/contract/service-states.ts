import type { Verb } from '#service/plan.ts';
import type { ManagerName } from '#service/service.ts';
import type { Status } from '#service/status.ts';
import { age, manager, put, silence, start, stop, switchOff, turn } from './arrange.ts';
import { until, type ServiceWorld } from './service-world.ts';

type Facts = Partial<Status>;

/** What a verb comes to in a state. */
export type Outcome =
  /** It says that there was nothing to do; the process is the one there was. */
  | { kind: 'nothing' }
  /** It did something, and these are the facts then. `process`: against the one before. */
  | { kind: 'done'; facts: Facts; process?: 'same' | 'new' }
  /** These are the facts then; whether there was anything to do is chance. */
  | { kind: 'ends'; facts: Facts }
  | { kind: 'refused'; says: RegExp };

/** A state that can be observed, how to get there, and what is promised of it. */
export interface State {
  name: string;
  /** Where only one manager has it. */
  only?: ManagerName;
  arrange(world: ServiceWorld): Promise<void>;
  status: Facts;
  hint?: RegExp;
  /** Null: too slow to be asked of every manager. */
  outcomes: Record<Verb, Outcome | null>;
}

const RUNNING: Facts = {
  installed: true,
  enabled: true,
  running: true,
  healthy: true,
  current: true,
};
const STOPPED: Facts = { installed: true, running: false, healthy: false, pid: null };
const GONE: Facts = { installed: false, enabled: false, running: false, healthy: false };

const nothing: Outcome = { kind: 'nothing' };
const starts: Outcome = { kind: 'done', facts: RUNNING, process: 'new' };
const stops: Outcome = { kind: 'done', facts: STOPPED };
const uninstalls: Outcome = { kind: 'done', facts: GONE };
const refuses = (says: RegExp): Outcome => ({ kind: 'refused', says });

export const STATES: readonly State[] = [
  {
    name: 'a virgin machine',
    arrange: async () => undefined,
    status: GONE,
    hint: /install and start it with: heph daemon start/,
    outcomes: { start: starts, restart: starts, stop: nothing, uninstall: nothing },
  },
  {
    name: 'running',
    arrange: start,
    status: RUNNING,
    outcomes: { start: nothing, restart: starts, stop: stops, uninstall: uninstalls },
  },
  {
    name: 'stopped',
    arrange: async (world) => {
      await start(world);
      await stop(world);
    },
    status: { ...STOPPED, enabled: true },
    hint: /comes back at the next login, or now with: heph daemon start/,
    outcomes: { start: starts, restart: starts, stop: nothing, uninstall: uninstalls },
  },
  {
    name: 'running, switched off at login (A6)',
    arrange: async (world) => {
      await start(world);
      await switchOff(world);
    },
    status: { ...RUNNING, enabled: false },
    outcomes: {
      start: { kind: 'done', facts: RUNNING, process: 'same' },
      restart: starts,
      stop: { kind: 'done', facts: { ...STOPPED, enabled: false } },
      uninstall: uninstalls,
    },
  },
  {
    name: 'stopped, switched off at login (A6)',
    arrange: async (world) => {
      await start(world);
      await stop(world);
      await switchOff(world);
    },
    status: { ...STOPPED, enabled: false },
    outcomes: { start: starts, restart: starts, stop: nothing, uninstall: uninstalls },
  },
  {
    name: 'running from the text of an older heph (C2)',
    arrange: async (world) => {
      await start(world);
      await age(world);
    },
    status: { ...RUNNING, current: false },
    hint: /not what this heph would write: heph daemon restart/,
    outcomes: { start: nothing, restart: starts, stop: stops, uninstall: uninstalls },
  },
  {
    name: 'stopped, with the text of an older heph (C2)',
    arrange: async (world) => {
      await start(world);
      await stop(world);
      await age(world);
    },
    status: { ...STOPPED, current: false },
    outcomes: { start: starts, restart: starts, stop: nothing, uninstall: uninstalls },
  },
  {
    name: 'running, its file deleted (C12)',
    arrange: async (world) => {
      await start(world);
      await world.ports.files.remove(world.spec.unitPath);
    },
    status: { installed: false, running: true, healthy: true },
    hint: /its unit has gone/,
    outcomes: {
      start: { kind: 'done', facts: RUNNING, process: 'same' },
      restart: starts,
      stop: { kind: 'done', facts: { installed: false, running: false } },
      uninstall: uninstalls,
    },
  },
  {
    name: 'running, its file deleted and the manager told so (C12)',
    only: 'systemd',
    arrange: async (world) => {
      await start(world);
      await world.ports.files.remove(world.spec.unitPath);
      await manager(world, 'daemon-reload');
    },
    status: { installed: false, running: true, healthy: true },
    outcomes: {
      start: { kind: 'done', facts: RUNNING, process: 'same' },
      restart: starts,
      stop: { kind: 'done', facts: { installed: false, running: false } },
      uninstall: uninstalls,
    },
  },
  {
    name: 'stopped, its file deleted and its link left (C12)',
    only: 'systemd',
    arrange: async (world) => {
      await start(world);
      await stop(world);
      await world.ports.files.remove(world.spec.unitPath);
    },
    status: { installed: false, running: false },
    outcomes: {
      start: starts,
      restart: starts,
      stop: nothing,
      uninstall: uninstalls,
    },
  },
  {
    name: 'stopped, its file deleted',
    only: 'launchd',
    arrange: async (world) => {
      await start(world);
      await stop(world);
      await world.ports.files.remove(world.spec.unitPath);
    },
    status: GONE,
    outcomes: { start: starts, restart: starts, stop: nothing, uninstall: nothing },
  },
  {
    name: 'ending again and again (A14, C5)',
    arrange: async (world) => {
      await turn(world, 'exit 3');
      await until(world, ({ hints }) => hints.some((hint) => /it keeps ending/.test(hint)));
      await world.behave('');
    },
    status: { installed: true },
    outcomes: {
      // It may have come back by itself meanwhile.
      start: { kind: 'ends', facts: RUNNING },
      restart: starts,
      stop: stops,
      uninstall: uninstalls,
    },
  },
  {
    name: 'running, and silent',
    arrange: async (world) => {
      await turn(world, 'silent');
      await silence(world);
      await world.behave('');
    },
    status: { installed: true, running: true, healthy: false },
    hint: /it runs but does not answer: heph daemon restart/,
    outcomes: {
      // It waits its whole time: the unit test of `await.ts` need not.
      start: null,
      restart: starts,
      stop: stops,
      uninstall: uninstalls,
    },
  },
  {
    name: 'failed for a reason that stays (E3)',
    only: 'systemd',
    arrange: async (world) => {
      await turn(world, 'exit 78');
      await until(world, ({ hints }) => hints.some((hint) => /has given up/.test(hint)));
      await world.behave('');
    },
    status: { installed: true, running: false, last_exit: { code: 78, signal: null } },
    hint: /it failed \(exit code 78\).*told to exit with 78.*heph daemon logs/,
    outcomes: { start: starts, restart: starts, stop: nothing, uninstall: uninstalls },
  },
  {
    name: 'a file that heph did not write',
    arrange: (world) => put(world, 'something else\n'),
    status: { installed: true, running: false, current: false },
    hint: /a file that heph did not write/,
    outcomes: {
      start: refuses(/cannot manage .*heph did not write/),
      restart: refuses(/cannot manage .*heph did not write/),
      stop: nothing,
      uninstall: refuses(/cannot manage .*heph did not write/),
    },
  },
  {
    name: 'masked',
    only: 'systemd',
    arrange: (world) => manager(world, 'mask', world.spec.name),
    status: { running: false, enabled: false },
    hint: /masked.*systemctl --user unmask heph/,
    outcomes: {
      start: refuses(/masked/),
      restart: refuses(/masked/),
      stop: nothing,
      uninstall: refuses(/masked/),
    },
  },
  {
    name: 'loaded from elsewhere, outside the session (A7)',
    only: 'launchd',
    arrange: async (world) => {
      await start(world);
      await stop(world);
      await manager(world, 'bootstrap', `user/${world.spec.uid}`, world.spec.unitPath);
      await until(world, ({ healthy }) => healthy);
    },
    status: RUNNING,
    outcomes: { start: nothing, restart: starts, stop: stops, uninstall: uninstalls },
  },
  {
    name: 'running from what launchd remembers, the file being newer (A11)',
    only: 'launchd',
    arrange: async (world) => {
      await start(world);
      await stop(world);
      await age(world);
      await manager(world, 'bootstrap', `gui/${world.spec.uid}`, world.spec.unitPath);
      await until(world, ({ healthy }) => healthy);
      await put(world, world.backend.render(world.spec));
    },
    status: { ...RUNNING, current: false },
    hint: /not what this heph would write: heph daemon restart/,
    outcomes: { start: nothing, restart: starts, stop: stops, uninstall: uninstalls },
  },
];
