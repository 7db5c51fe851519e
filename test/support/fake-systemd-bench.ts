import { utimesSync } from 'node:fs';
import { STAND_IN, TemporaryHome, told, until } from './fake-bench.ts';
import { FakeSystemd, type FakeSystemdOptions } from './fake-systemd.ts';

export const FOLDER = '.config/systemd/user';
/** The unit, under the home directory. */
export const HEPH = `${FOLDER}/heph.service`;

/** A fake user manager with a home of its own, and short words for what tests do with it. */
export class SystemdBench implements AsyncDisposable {
  readonly home = new TemporaryHome();
  fake = this.#fake({});
  #writtenAt = Date.now() / 1000 - 10_000;

  /** Another manager over the same home. */
  async use(options: Partial<FakeSystemdOptions>): Promise<void> {
    await this.fake[Symbol.asyncDispose]();
    this.fake = this.#fake(options);
  }

  /** `systemctl --user …`, and what it told. */
  async systemctl(line: string): Promise<string> {
    const args = ['--user', '--no-pager', ...line.split(' ')];
    const options = { limitMs: 5000, env: { LC_ALL: 'C' } };
    return told(await this.fake.run('systemctl', args, options));
  }

  async show(): Promise<Record<string, string>> {
    const lines = (await this.systemctl('show heph.service')).split('\n');
    return Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
  }

  /** As `active/running success`. */
  async state(): Promise<string> {
    const { ActiveState, SubState, Result } = await this.show();
    return `${ActiveState}/${SubState} ${Result}`;
  }

  async pid(): Promise<number> {
    return Number((await this.show())['MainPID']);
  }

  /** Write the unit, each time later than before, as only times tell that a text has changed. */
  unit(service: string, more = '', name = HEPH): void {
    const install = '[Install]\nWantedBy=default.target\n';
    const text = `[Unit]\nDescription=x\n${more}\n[Service]\n${service}\n${install}`;
    this.#writtenAt += 10;
    utimesSync(this.home.write(name, text), this.#writtenAt, this.#writtenAt);
  }

  /** A unit for the stand-in, which writes to `log` in the home directory. */
  daemon(words = '', settings = 'Type=exec\nRestart=always\nRestartSec=1'): void {
    this.unit(`ExecStart=${STAND_IN} ${words}\n${settings}\nStandardOutput=append:%h/log`);
  }

  /** What the stand-in has said at each start so far. */
  starts(): string[] {
    return this.home.lines('log').filter((line) => line.startsWith('started'));
  }

  /** The stand-in has come as far as to say something, so often. */
  async started(times = 1): Promise<void> {
    await until(() => this.starts().length >= times);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.fake[Symbol.asyncDispose]();
    this.home[Symbol.dispose]();
  }

  #fake(options: Partial<FakeSystemdOptions>): FakeSystemd {
    return new FakeSystemd({ home: this.home.path, timeScale: 0.02, ...options });
  }
}
