/** Which options a program knows. The value is the option's own name, without dashes. */
export interface OptionTable {
  flags: Readonly<Record<string, string>>;
  values: Readonly<Record<string, string>>;
}

/** A command line taken apart, as getopt does: options may stand anywhere. */
export class ParsedArgs {
  readonly words: string[] = [];
  /** The first option that the program does not know. */
  unknown: string | null = null;
  readonly #flags = new Set<string>();
  readonly #values = new Map<string, string[]>();

  constructor(args: readonly string[], table: OptionTable) {
    const queue = [...args];
    for (let arg = queue.shift(); arg !== undefined; arg = queue.shift()) {
      if (arg === '--') {
        this.words.push(...queue.splice(0));
      } else if (arg.startsWith('--')) {
        this.#long(arg, queue, table);
      } else if (arg.startsWith('-') && arg !== '-') {
        this.#short(arg, queue, table);
      } else {
        this.words.push(arg);
      }
    }
  }

  has(flag: string): boolean {
    return this.#flags.has(flag);
  }

  /** All values given for an option, in order. */
  all(option: string): readonly string[] {
    return this.#values.get(option) ?? [];
  }

  last(option: string): string | undefined {
    return this.all(option).at(-1);
  }

  #long(arg: string, queue: string[], table: OptionTable): void {
    const [name = '', ...rest] = arg.split('=');
    const value = rest.length > 0 ? rest.join('=') : undefined;
    if (table.flags[name] !== undefined && value === undefined) {
      this.#flags.add(table.flags[name]);
    } else if (table.values[name] !== undefined) {
      this.#set(table.values[name], value ?? queue.shift() ?? '');
    } else {
      this.unknown ??= arg;
    }
  }

  #short(arg: string, queue: string[], table: OptionTable): void {
    for (let at = 1; at < arg.length; at += 1) {
      const name = `-${arg[at]}`;
      if (table.flags[name] !== undefined) {
        this.#flags.add(table.flags[name]);
      } else if (table.values[name] !== undefined) {
        const rest = arg.slice(at + 1);
        this.#set(table.values[name], rest === '' ? (queue.shift() ?? '') : rest);
        return;
      } else {
        this.unknown ??= name;
      }
    }
  }

  #set(option: string, value: string): void {
    this.#values.set(option, [...this.all(option), value]);
  }
}
