import type { CommonKnobs } from './fake-program.ts';

export interface LaunchdKnobs extends CommonKnobs {
  /** No login session: what every verb says of `gui/UID` then. */
  noGuiDomain: 112 | 125 | 5 | null;
  /** For how long at least a job is still being taken down after `bootout` has returned. */
  teardownMs: number;
  /** `bootstrap` succeeds and starts nothing; `kickstart` does. */
  lazySpawn: boolean;
  /** Instead of the plist's `ThrottleInterval`. */
  throttleMs: number | null;
  /** `kickstart` says 37, and does nothing. */
  kickstart37: boolean;
  /** `bootout` says 36, and does its work. Older systems always do. */
  bootout36: boolean;
  /** What `bootstrap` says of a job that is loaded. */
  loadedCode: 5 | 37 | 130;
  /** The version of macOS: 26 knows `bootout --wait`. */
  osMajor: number;
  /** The overrides, which outlive both file and job: true is disabled, false is enabled. */
  disabled: Record<string, boolean>;
}

export function launchdKnobs(knobs: Partial<LaunchdKnobs> = {}): LaunchdKnobs {
  return {
    hang: [],
    fail: [],
    missing: false,
    noGuiDomain: null,
    teardownMs: 0,
    lazySpawn: false,
    throttleMs: null,
    kickstart37: false,
    bootout36: false,
    loadedCode: 5,
    osMajor: 15,
    disabled: {},
    ...knobs,
  };
}
