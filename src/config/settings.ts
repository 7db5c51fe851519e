import { DEFAULT_LOG_BYTES } from '#config/log-files.ts';
import { feedProblem } from '#update/address.ts';
import { keyProblem } from '#update/signature.ts';

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
  max: number;
  default: number;
  summary: string;
}

/** A setting that is true or false. */
interface FlagSetting {
  kind: 'flag';
  default: boolean;
  summary: string;
}

/** A setting that is a text of some form, or empty. */
interface TextSetting {
  kind: 'text';
  default: string;
  /** What it must be, for the reference. */
  form: string;
  /** Null, or what is wrong with a text that is not empty. */
  problem: (text: string) => string | null;
  summary: string;
}

/** A setting that is any number of such texts. */
interface ListSetting {
  kind: 'list';
  default: readonly string[];
  form: string;
  problem: (text: string) => string | null;
  summary: string;
}

export type Setting = WordSetting | NumberSetting | FlagSetting | TextSetting | ListSetting;

/**
 * Everything that can be set in `config.toml`, by its key. The daemon reads it
 * at start; those of updates it follows while it runs.
 */
export const SETTINGS = {
  'log.level': {
    kind: 'word',
    words: ['debug', 'info', 'warn', 'error'],
    default: 'info',
    summary: 'the least a line must be to be written to the log; `debug` has one for each request',
  },
  'log.max_bytes': {
    kind: 'number',
    min: 65_536,
    max: 2 ** 40,
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
  'update.enabled': {
    kind: 'flag',
    default: false,
    summary: 'hephd looks for a newer version, and goes over to it, without being asked',
  },
  'update.feed': {
    kind: 'text',
    default: '',
    form: '`https://…`, or `file:///…` for a folder of this machine',
    problem: feedProblem,
    summary: 'where newer versions come from',
  },
  'update.keys': {
    kind: 'list',
    default: [],
    form: 'Ed25519 public keys in base64; `heph config set` takes them with commas between',
    problem: keyProblem,
    summary: 'who may sign a newer version, besides those whose keys this heph brought along',
  },
  'update.interval_s': {
    kind: 'number',
    min: 60,
    max: 30 * 24 * 60 * 60,
    default: 24 * 60 * 60,
    summary: 'how long, more or less, between two looks for a newer version',
  },
} as const satisfies Record<string, Setting>;

export type SettingKey = keyof typeof SETTINGS;
export const SETTING_KEYS = Object.keys(SETTINGS) as SettingKey[];
type SettingValue<K extends SettingKey = SettingKey> = (typeof SETTINGS)[K] extends {
  words: readonly (infer Word)[];
}
  ? Word
  : Widened<(typeof SETTINGS)[K]['default']>;
type Widened<T> = T extends readonly unknown[]
  ? readonly string[]
  : T extends number
    ? number
    : T extends boolean
      ? boolean
      : string;
/** What a setting may be. */
export type Value = string | number | boolean | readonly string[];
export type Settings = { readonly [K in SettingKey]: SettingValue<K> };

/** Whether a daemon goes by a change of it without being started again. */
export function isFollowed(key: SettingKey): boolean {
  return key.startsWith('update.');
}

export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(SETTINGS, key);
}

/** Null, or what a value has to be, because this one is not. */
export function valueProblem(key: SettingKey, value: unknown): string | null {
  const setting: Setting = SETTINGS[key];
  switch (setting.kind) {
    case 'word': {
      const isKnown = setting.words.some((word) => word === value);
      return isKnown ? null : `it must be one of ${setting.words.join(', ')}`;
    }
    case 'number':
      return numberProblem(setting, value);
    case 'flag':
      return typeof value === 'boolean' ? null : 'it must be true or false';
    case 'text':
      if (typeof value !== 'string') return 'it must be a text';
      return value === '' ? null : setting.problem(value);
    case 'list': {
      if (!Array.isArray(value)) return 'it must be a list of texts';
      const problems = value.map((each) =>
        typeof each === 'string' ? setting.problem(each) : 'it must be a list of texts',
      );
      return problems.find((problem) => problem !== null) ?? null;
    }
  }
}

function numberProblem({ min, max }: NumberSetting, value: unknown): string | null {
  const isFit = Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
  return isFit ? null : `it must be a whole number, ${min} to ${max}`;
}

/** A value as typed on a command line: `5_000`, `info`, `true`, `a,b`. Whether it will do is for {@link valueProblem}. */
export function valueOf(key: SettingKey, text: string): Value {
  const { kind } = SETTINGS[key];
  if (kind === 'number' && /^\d[\d_]*$/.test(text)) return Number(text.replaceAll('_', ''));
  if (kind === 'flag' && (text === 'true' || text === 'false')) return text === 'true';
  if (kind === 'list') return text.split(',').filter((each) => each !== '');
  return text;
}

/** A value as it is printed, and as it can be typed again. */
export function shown(value: Value): string {
  return typeof value === 'object' ? value.join(',') : String(value);
}

/** Whether two say the same. */
export function isSameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
