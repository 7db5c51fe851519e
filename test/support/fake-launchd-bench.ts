import { join } from 'node:path';
import { STAND_IN, TemporaryHome, told, until } from './fake-bench.ts';
import { FakeLaunchd } from './fake-launchd.ts';

export const LABEL = 'org.hephaestus.hephd';
export const GUI = `gui/501/${LABEL}`;
const UID = process.getuid?.() ?? 0;

/** A fake launchd with a home of its own, and short words for what tests do with it. */
export class LaunchdBench implements AsyncDisposable {
  readonly home = new TemporaryHome();
  readonly fake = new FakeLaunchd({ home: this.home.path, timeScale: 0.02 });
  readonly plistPath = join(this.home.path, `Library/LaunchAgents/${LABEL}.plist`);

  /** `launchctl …`, and what it told. `501` in both is whoever runs this, `@` the plist. */
  async launchctl(line: string): Promise<string> {
    const args = line.replaceAll('501', String(UID)).replace('@', this.plistPath).split(' ');
    const text = told(await this.fake.run('launchctl', args, { limitMs: 5000 }));
    return text.replaceAll(new RegExp(`(?<where>gui/|user/|gui: )${UID}\\b`, 'g'), '$<where>501');
  }

  /** Write an agent for the stand-in, which writes to `log` in the home directory. */
  plist(words = '', keys = '<key>KeepAlive</key><true/>'): string {
    const program = [STAND_IN, ...words.split(' ')].map((word) => `<string>${word}</string>`);
    return this.home.write(
      `Library/LaunchAgents/${LABEL}.plist`,
      `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
  <key>Label</key><string>${LABEL}</string>
  <!-- What runs. -->
  <key>ProgramArguments</key><array>${program.join('')}</array>
  <key>StandardOutPath</key><string>${this.home.path}/log</string>
  ${keys}
</dict></plist>
`,
    );
  }

  /** A field of the job's own, one tab deep; null where there is none. */
  async field(name: string): Promise<string | null> {
    const text = await this.launchctl(`print ${GUI}`);
    return new RegExp(`^\\t${name} = (.*)$`, 'm').exec(text)?.[1] ?? null;
  }

  async pid(): Promise<number> {
    return Number(await this.field('pid'));
  }

  /** So many lines are in the log. */
  async started(lines = 1): Promise<void> {
    await until(() => this.home.lines('log').length >= lines);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.fake[Symbol.asyncDispose]();
    this.home[Symbol.dispose]();
  }
}
