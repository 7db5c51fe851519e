import type { Checkup } from '#service/checkup.ts';
import type { Observed } from '#service/service.ts';
import { ANSWERS as answers, OBSERVED, place, SPEC } from './imagined-service.ts';

export const MIB = 1024 ** 2;

/** A machine where all is well. */
export const well: Checkup = {
  spec: SPEC,
  sighting: { observed: OBSERVED, probe: answers, installedVersion: '1', isHeldBack: false },
  unreachable: null,
  probe: answers,
  linger: true,
  places: {
    home: place('folder', 0o755),
    dataDir: place('folder', 0o700),
    db: place('file', 0o600),
    socket: place('socket', 0o600),
    log: place('file', 0o600),
    config: null,
    unit: place('file', 0o644),
  },
  missing: [],
  store: { kind: 'sound' },
  settings: { kind: 'sound' },
  freeBytes: 100 * MIB,
  systemWide: null,
  variables: [],
};
/** What the manager says is changed to this. */
export const seen = (more: Partial<Observed>): Pick<Checkup, 'sighting'> => ({
  sighting: {
    observed: { ...OBSERVED, ...more },
    probe: more.activity ? { kind: 'nobody' } : answers,
    installedVersion: '1',
    isHeldBack: false,
  },
});
/** What lies in these places is this. */
export const placed = (more: Partial<Checkup['places']>) => ({
  places: { ...well.places, ...more },
});
