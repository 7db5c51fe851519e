import { lstat, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { startDaemon } from '../support/daemon.ts';
import { builds } from '../support/heph.ts';
import { Sandbox } from '../support/sandbox.ts';

describe.each(builds)('heph config, $name', ({ command: [program, ...words] }) => {
  async function open(text?: string) {
    const sandbox = await Sandbox.make();
    const path = sandbox.at('.config/heph/config.toml');
    if (text !== undefined) {
      await mkdir(sandbox.at('.config/heph'), { recursive: true });
      await writeFile(path, text, { mode: 0o640 });
    }
    const heph = async (...args: string[]) => {
      const { exitCode, stdout, stderr } = await execa(program, [...words, 'config', ...args], {
        env: { HOME: sandbox.path },
        reject: false,
      });
      return { code: exitCode, stdout, stderr };
    };
    return {
      sandbox,
      path,
      heph,
      text: () => readFile(path, 'utf8'),
      [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose](),
    };
  }

  test('without a file: the defaults; set makes one, of the user alone', async () => {
    await using world = await open();
    expect((await world.heph('list')).stdout).toMatch(/^log\.level\s+info\s+\(default\)$/m);
    expect(await world.heph('get', 'log.level')).toMatchObject({ code: 0, stdout: 'info' });
    expect(await world.heph('unset', 'log.level')).toMatchObject({
      code: 0,
      stdout: 'log.level is already info, the default',
    });
    await expect(stat(world.path)).rejects.toThrow(/ENOENT/);
    expect(await world.heph('set', 'log.level', 'debug')).toMatchObject({
      code: 0,
      stdout: 'log.level is now debug',
    });
    expect(await world.text()).toBe('[log]\nlevel = "debug"\n');
    expect((await stat(world.path)).mode & 0o777).toBe(0o600);
    expect(JSON.parse((await world.heph('get', 'log.level', '--json')).stdout)).toEqual({
      key: 'log.level',
      value: 'debug',
      is_set: true,
    });
  });

  test('where it cannot be written, it says so', async () => {
    await using world = await open();
    const set = (path: string) =>
      execa(program, [...words, 'config', 'set', 'log.level', 'debug'], {
        env: { HOME: world.sandbox.path, HEPH_CONFIG: path },
        reject: false,
      });
    // What is written beside it first has a longer name.
    const long = world.sandbox.at('x'.repeat(250));
    expect(await set(long)).toMatchObject({
      exitCode: 1,
      stderr: `cannot write ${long}: its name is too long`,
    });
    const file = world.sandbox.at('file');
    await writeFile(file, 'mine');
    expect(await set(`${file}/config.toml`)).toMatchObject({
      exitCode: 1,
      stderr: `cannot read ${file}/config.toml: a part of its path is no folder`,
    });
  });

  test('one line changes, through a link, and the mode stays', async () => {
    await using world = await open('# mine\n[log]\nlevel = "info" # quiet\n');
    const link = world.sandbox.at('elsewhere.toml');
    await symlink(world.path, link);
    const { stdout } = await execa(program, [...words, 'config', 'set', 'log.level', 'warn'], {
      env: { HOME: world.sandbox.path, HEPH_CONFIG: link },
    });
    expect(stdout).toBe('log.level is now warn');
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await world.text()).toBe('# mine\n[log]\nlevel = "warn" # quiet\n');
    expect((await stat(world.path)).mode & 0o777).toBe(0o640);
  });

  test.each([
    [['set', 'log.level', 'loud'], 2, /^cannot set log\.level to loud: it must be one of debug, /],
    [['set', 'query.limit_ms', '1'], 2, /^cannot set query\.limit_ms to 1: .* 100 to 600000/],
    [['set', 'level', 'info'], 2, /^cannot find level: .*did you mean log\.level\?/],
    [['get', 'nothing'], 2, /^cannot find nothing: .*there are log\.level, /],
    [['set', 'log.level'], 2, /^cannot /],
  ] as const)('%j is refused', async (args, code, message) => {
    await using world = await open('[log]\n');
    const ended = await world.heph(...args);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(message);
    expect(await world.text()).toBe('[log]\n');
  });

  test('what is wrong is named with its line, and mended by the same commands', async () => {
    await using world = await open('[log]\nlevel = "loud"\n\n[query]\nlimit_ms = 1\n');
    const got = await world.heph('get', 'log.level');
    expect(got.code).toBe(1);
    expect(got.stderr).toMatch(/^cannot use .*config\.toml, line 2: log\.level: it must be one of/);
    const mended = await world.heph('set', 'log.level', 'info');
    expect(mended).toMatchObject({ code: 0, stdout: 'log.level is now info' });
    expect(mended.stderr).toMatch(/still wrong in .*config\.toml, line 5: query\.limit_ms/);
    expect((await world.heph('unset', 'query.limit_ms')).stderr).toBe('');
    expect(await world.text()).toBe('[log]\nlevel = "info"\n\n[query]\n');
  });

  test.each([
    ['[log\n', 'list', 1, /^cannot read .*config\.toml, line 1: /],
    ['log = { level = "info" }\n', 'set log.level warn', 1, /^cannot change log\.level in .*edit/],
  ])('%j: %s changes nothing', async (text, args, code, message) => {
    await using world = await open(text);
    const ended = await world.heph(...args.split(' '));
    expect(ended.code).toBe(code);
    expect(ended.stderr).toMatch(message);
    expect(await world.text()).toBe(text);
    const inJson = await world.heph(...args.split(' '), '--json');
    expect(JSON.parse(inJson.stdout)).toMatchObject({ error: { code: 'bad_config' } });
  });

  test('where a daemon runs, it says that a restart is needed', async () => {
    await using daemon = await startDaemon();
    const env = {
      HOME: daemon.folder,
      HEPH_SOCKET: daemon.socket,
      HEPH_CONFIG: `${daemon.folder}/c`,
    };
    const set = (value: string, ...more: string[]) =>
      execa(program, [...words, 'config', 'set', 'log.level', value, ...more], { env });
    expect((await set('warn')).stdout).toMatch(/from its next start: heph daemon restart$/);
    expect(JSON.parse((await set('warn', '--json')).stdout)).toEqual({
      key: 'log.level',
      value: 'warn',
      changed: false,
      restart_needed: false,
    });
  });
});
