import { DEFAULT_LOG_BYTES } from '#config/log-files.ts';

/** A setting whose value is one of a few words. */
interface WordSetting {
  kind: 'word';
  words: readonly string[];
  default: string;
  /** What it does, without a full stop. */
  summary: string;
}

/** A setting whose value is a whole number. */
interface NumberSetting {
  kind: 'number';
  min: number;
  max: number | null;
  default: number;
  summary: string;
}

export type Setting = WordSetting | NumberSetting;

/** Everything that can be set in `config.toml`, by its key. The daemon reads it at start. */
export const SETTINGS = {
  'log.level': {
    kind: 'word',
    words: ['debug', 'info', 'warn', 'error'],
    default: 'info',
    summary: 'the least a line must be to be written to the log',
  },
  'log.max_bytes': {
    kind: 'number',
    min: 65_536,
    max: null,
    default: DEFAULT_LOG_BYTES,
    summary: 'no log file is larger: a full one is rotated, and two older ones are kept',
  },
  'backup.keep': {
    kind: 'number',
    min: 0,
    max: 365,
    default: 7,
    summary: 'a backup is made each day, and so many are kept; 0 makes none',
  },
  'query.limit_ms': {
    kind: 'number',
    min: 100,
    max: 600_000,
    default: 30_000,
    summary: 'how long a long question may take before it is stopped',
  },
} as const satisfies Record<string, Setting>;

export type SettingKey = keyof typeof SETTINGS;
export const SETTING_KEYS = Object.keys(SETTINGS) as SettingKey[];
type SettingValue<K extends SettingKey = SettingKey> = (typeof SETTINGS)[K] extends {
  words: readonly (infer Word)[];
}
  ? Word
  : number;
export type Settings = { readonly [K in SettingKey]: SettingValue<K> };

export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(SETTINGS, key);
}

/** Null, or what a value has to be, because this one is not. */
export function valueProblem(key: SettingKey, value: unknown): string | null {
  const setting: Setting = SETTINGS[key];
  if (setting.kind === 'word') {
    const isKnown = setting.words.some((word) => word === value);
    return isKnown ? null : `it must be one of ${setting.words.join(', ')}`;
  }
  const { min, max } = setting;
  const isFit =
    Number.isInteger(value) && Number(value) >= min && (max === null || Number(value) <= max);
  return isFit
    ? null
    : `it must be a whole number, ${max === null ? `${min} or more` : `${min} to ${max}`}`;
}

/** A value as typed on a command line: `5_000` and `info`. Whether it will do is for {@link valueProblem}. */
export function valueOf(key: SettingKey, text: string): string | number {
  const isNumber = SETTINGS[key].kind === 'number' && /^\d[\d_]*$/.test(text);
  return isNumber ? Number(text.replaceAll('_', '')) : text;
}
