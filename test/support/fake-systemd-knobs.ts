import { refusal, type Answer, type CallEnv, type CommonKnobs } from './fake-program.ts';

/** How `systemctl` says that it reaches nobody; versions and contexts differ. */
type BusWording =
  | 'no-medium'
  | 'not-defined'
  | 'no-such-file'
  | 'not-permitted'
  | 'refused'
  | 'host-down';

export interface SystemdKnobs extends CommonKnobs {
  /** No way to the user manager: what is said then, or a whole text. The manager itself goes on. */
  noBus: BusWording | { text: string } | null;
  /** A way to it only for calls with the right `XDG_RUNTIME_DIR` in their environment. */
  needsRuntimeDir: boolean;
  /** The machine was not booted with systemd. Enabling is then work on files, and succeeds. */
  notBooted: boolean;
  linger: 'yes' | 'no' | 'hang';
  /** A unit of the same name exists in the *system* manager. */
  systemUnitDuplicate: boolean;
  /** Off: no unit is ever started too often. */
  startLimit: boolean;
}

export function systemdKnobs(knobs: Partial<SystemdKnobs> = {}): SystemdKnobs {
  return {
    hang: [],
    fail: [],
    missing: false,
    noBus: null,
    needsRuntimeDir: false,
    notBooted: false,
    linger: 'no',
    systemUnitDuplicate: false,
    startLimit: true,
    ...knobs,
  };
}

const REASONS: Readonly<Record<BusWording, string>> = {
  'no-medium': 'No medium found',
  'not-defined':
    '$DBUS_SESSION_BUS_ADDRESS and $XDG_RUNTIME_DIR not defined (consider using --machine=<user>@.host --user to connect to bus of other user)',
  'no-such-file': 'No such file or directory',
  'not-permitted':
    'Operation not permitted (consider using --machine=<user>@.host --user to connect to bus of other user)',
  refused: 'Connection refused',
  'host-down': 'Host is down',
};

/** Why a call cannot reach the user manager, as it says it; null when it can. */
export function unreachable(
  knobs: SystemdKnobs,
  env: CallEnv,
  machine: { version: number; runtimeDir: string; isUp: boolean },
): Answer | null {
  const { version, runtimeDir, isUp } = machine;
  if (knobs.noBus !== null) return busFailure(knobs.noBus, version);
  // What the oldest say of a missing variable is a slip of theirs.
  const undefinedWording = version < 253 ? 'no-medium' : 'not-defined';
  if (knobs.notBooted) return busFailure(undefinedWording, version);
  const dir = env['XDG_RUNTIME_DIR'];
  if (knobs.needsRuntimeDir && !dir) return busFailure(undefinedWording, version);
  const isElsewhere = knobs.needsRuntimeDir && dir !== runtimeDir;
  return isElsewhere || !isUp ? busFailure('no-such-file', version) : null;
}

/** How a call fails that would need the system manager, on a machine without one. */
export function notBooted(): Answer {
  const first = "System has not been booted with systemd as init system (PID 1). Can't operate.";
  return refusal(1, `${first}\nFailed to connect to bus: Host is down`);
}

function busFailure(wording: BusWording | { text: string }, version: number): Answer {
  if (typeof wording !== 'string') return refusal(1, wording.text);
  const bus = version < 256 ? 'bus' : 'user scope bus via local transport';
  return refusal(1, `Failed to connect to ${bus}: ${REASONS[wording]}`);
}
