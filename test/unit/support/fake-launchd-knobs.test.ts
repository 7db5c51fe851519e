import { chmodSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../support/fake-bench.ts';
import { GUI, LABEL, LaunchdBench } from '../../support/fake-launchd-bench.ts';

let bench: LaunchdBench;

beforeEach(() => {
  bench = new LaunchdBench();
});

afterEach(() => bench[Symbol.asyncDispose]());

describe('files', () => {
  const unsafe = /^Bootstrap failed: 122: Path had bad ownership\/permissions\n.*\nrc 122$/;

  it.each([0o664, 0o646, 0o666])('writable by others: %o', async (mode) => {
    chmodSync(bench.plist(), mode);
    expect(await bench.launchctl('bootstrap gui/501 @')).toMatch(unsafe);
  });

  it('a link, and another name', async () => {
    const link = join(bench.home.path, 'link.plist');
    symlinkSync(bench.plist(), link);
    expect(await bench.launchctl(`bootstrap gui/501 ${link}`)).toMatch(unsafe);
    const other = bench.home.write('agent.txt', '');
    expect(await bench.launchctl(`bootstrap gui/501 ${other}`)).toMatch(unsafe);
  });

  it.each(['', '<plist><dict>', '<plist><dict><key>Label</key><string>&</string></dict></plist>'])(
    'one that cannot be read: %s',
    async (text) => {
      bench.home.write(`Library/LaunchAgents/${LABEL}.plist`, text);
      expect(await bench.launchctl('bootstrap gui/501 @')).toMatch(/rc 5$/);
    },
  );
});

describe('knobs', () => {
  it('the disabled override stops bootstrap, and outlives the file', async () => {
    bench.fake.knobs.disabled = { [LABEL]: true };
    bench.plist();
    expect(await bench.launchctl('bootstrap gui/501 @')).toMatch(
      /^Bootstrap failed: 119: Service is disabled\n/,
    );
    rmSync(bench.plistPath);
    expect(await bench.launchctl('print-disabled gui/501')).toContain(
      `\t\t"${LABEL}" => disabled\n`,
    );
    expect(await bench.launchctl(`enable ${GUI}`)).toBe('rc 0');
    bench.plist();
    expect(await bench.launchctl('bootstrap gui/501 @')).toBe('rc 0');
    bench.fake.knobs.osMajor = 12;
    expect(await bench.launchctl('print-disabled gui/501')).toContain(`\t\t"${LABEL}" => false\n`);
  });

  it.each([
    [112, 'Could not find domain for user gui: 501'],
    [125, 'Domain does not support specified action'],
    [5, 'Input/output error'],
  ] as const)('no login session: %s', async (code, text) => {
    bench.fake.knobs.noGuiDomain = code;
    bench.plist();
    expect(await bench.launchctl(`print ${GUI}`)).toBe(`Bad request.\n${text}\nrc ${code}`);
    expect(await bench.launchctl('bootstrap gui/501 @')).toMatch(
      new RegExp(`${code}: ${text}\n.*\nrc ${code}`),
    );
    expect(await bench.launchctl('bootstrap user/501 @')).toBe('rc 0');
    expect(await bench.launchctl('managername')).toBe('Background\nrc 0');
  });

  it('a job that somebody else loaded, in the other domain', async () => {
    bench.plist();
    bench.fake.preload('user', bench.plistPath);
    expect(await bench.launchctl(`print ${GUI}`)).toMatch(/rc 113$/);
    expect(await bench.launchctl(`print user/501/${LABEL}`)).toMatch(/rc 0$/);
    expect(await bench.launchctl(`bootout user/501/${LABEL}`)).toBe('rc 0');
  });

  it('a lazy spawn: loaded, and nothing runs before kickstart', async () => {
    bench.fake.knobs.lazySpawn = true;
    bench.plist();
    await bench.launchctl('bootstrap gui/501 @');
    expect([await bench.field('state'), await bench.field('runs')]).toEqual(['not running', '0']);
    expect(await bench.launchctl(`kickstart ${GUI}`)).toBe('rc 0');
    expect([await bench.field('state'), await bench.field('runs')]).toEqual(['running', '1']);
  });

  it('37 from kickstart, 36 from bootout, another code for what is loaded', async () => {
    bench.plist();
    await bench.launchctl('bootstrap gui/501 @');
    Object.assign(bench.fake.knobs, { kickstart37: true, bootout36: true, loadedCode: 37 });
    expect(await bench.launchctl(`kickstart -k ${GUI}`)).toMatch(
      /: 37: Operation already in progress\nrc 37$/,
    );
    expect(await bench.launchctl('bootstrap gui/501 @')).toMatch(/^Bootstrap failed: 37: /);
    expect(await bench.launchctl(`bootout ${GUI}`)).toBe(
      'Boot-out failed: 36: Operation now in progress\nrc 36',
    );
    await until(async () => (await bench.launchctl(`print ${GUI}`)).endsWith('rc 113'));
  });

  it('hangs, fails at the k-th call, and is missing', async () => {
    bench.plist();
    bench.fake.knobs.hang = [{ verb: 'print' }];
    expect(await bench.launchctl(`print ${GUI}`)).toBe('timeout');
    bench.fake.knobs.hang = [];
    bench.fake.knobs.fail = [
      { verb: 'bootstrap', call: 1, code: 5, text: 'Bootstrap failed: 5: no' },
    ];
    expect(await bench.launchctl('bootstrap gui/501 @')).toBe('Bootstrap failed: 5: no\nrc 5');
    expect(await bench.launchctl('bootstrap gui/501 @')).toBe('rc 0');
    bench.fake.knobs.missing = true;
    expect(await bench.launchctl(`print ${GUI}`)).toBe('missing');
    expect(bench.fake.calls.map(({ args }) => args[0])).toEqual([
      'print',
      'bootstrap',
      'bootstrap',
    ]);
  });
});
