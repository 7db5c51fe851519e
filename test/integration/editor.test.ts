import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { startDaemon, type Daemon } from '../support/daemon.ts';
import { builds, hephOn } from '../support/heph.ts';

/** A script in place of an editor; `$1` is the file. */
function editor(daemon: Daemon, script: string): string {
  const path = `${daemon.folder}/editor`;
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe.each(builds)('an editor on a terminal, for heph ($name)', (build) => {
  /** Run on a terminal of its own, which util-linux' `script` makes. */
  async function onTerminal(daemon: Daemon, args: string[], EDITOR: string) {
    const words = [...build.command, ...args].map((word) => `'${word}'`).join(' ');
    const { exitCode, stdout } = await execa('script', ['-qec', `exec ${words}`, '/dev/null'], {
      env: { HEPH_SOCKET: daemon.socket, EDITOR, VISUAL: '', HOME: daemon.folder },
      reject: false,
    });
    return { code: exitCode, screen: stdout };
  }

  async function open() {
    const daemon = await startDaemon();
    const heph = hephOn(daemon.socket, build);
    const row = (
      await heph(['task', 'Ring Jo', '--context', 'Number is in the book.\n', '--json'])
    ).json<{ node_id: string }>();
    return { daemon, heph, id: row.node_id };
  }

  test.each([['edit'], ['context', '--edit']])(
    '%s %s saves what was written',
    async (command, ...flags) => {
      const { daemon, heph, id } = await open();
      await using _ = daemon;
      const ran = await onTerminal(
        daemon,
        [command, id, ...flags],
        editor(daemon, 'echo "Rang, no answer." >>"$1"'),
      );
      expect(ran).toMatchObject({ code: 0, screen: expect.stringContaining(`changed ${id}`) });
      expect((await heph(['context', id])).stdout).toBe(
        'Number is in the book.\nRang, no answer.\n',
      );
    },
  );

  test('nobody else can read what is edited, and nothing of it is left', async () => {
    const { daemon, id } = await open();
    await using _ = daemon;
    const look = editor(
      daemon,
      `stat -c '%a' "$(dirname "$1")" "$1" >"$HOME/seen"; echo "$1" >>"$HOME/seen"`,
    );
    await onTerminal(daemon, ['edit', id], look);
    const [folder, file, path = ''] = readFileSync(`${daemon.folder}/seen`, 'utf8').split('\n');
    expect([folder, file]).toEqual(['700', '600']);
    expect(existsSync(path)).toBe(false);
  });

  test('a text left as it was changes nothing', async () => {
    const { daemon, id } = await open();
    await using _ = daemon;
    expect((await onTerminal(daemon, ['edit', id], 'true')).screen).toMatch('Nothing was changed.');
  });

  test('an editor that fails with nothing saved changes nothing, and leaves nothing', async () => {
    const { daemon, heph, id } = await open();
    await using _ = daemon;
    const fail = editor(daemon, 'echo "$1" >"$HOME/seen"; exit 7');
    const ran = await onTerminal(daemon, ['edit', id], fail);
    expect(ran).toMatchObject({
      code: 2,
      screen: expect.stringMatching(
        /cannot use the editor .*it ended with 7\r?\nset EDITOR to one that works; nothing was changed/,
      ),
    });
    expect(ran.screen).not.toContain('your text');
    expect(existsSync(readFileSync(`${daemon.folder}/seen`, 'utf8').trim())).toBe(false);
    expect((await heph(['context', id])).stdout).toBe('Number is in the book.\n');
  });

  test.each([
    ['ends with a failure', 'echo Mine >"$1"; exit 7', 'it ended with 7', 'Mine\n'],
    ['is ended', 'echo Mine >"$1"; kill -9 $$', 'it ended with SIGKILL', 'Mine\n'],
    ['saves no UTF-8', String.raw`printf '\351' >"$1"`, 'it is not UTF-8 text', '\u00E9'],
  ])('an editor that saves and %s: the text is kept', async (_how, script, why, text) => {
    const { daemon, heph, id } = await open();
    await using _ = daemon;
    const ran = await onTerminal(daemon, ['edit', id], editor(daemon, script));
    expect(ran.code).toBe(2);
    expect(ran.screen).toContain(why);
    expect(ran.screen).toContain('nothing was changed in heph');
    const kept = /your text is kept in (\S+)/.exec(ran.screen)?.[1] ?? '';
    expect(readFileSync(kept, 'latin1')).toBe(text);
    rmSync(dirname(kept), { recursive: true });
    expect((await heph(['context', id])).stdout).toBe('Number is in the book.\n');
  });

  test('Ctrl-C while the editor is open is a key of the editor, and ends nothing else', async () => {
    const { daemon, heph, id } = await open();
    await using _ = daemon;
    // What a terminal does: it signals all who are in its foreground.
    const keys = `trap '' INT QUIT; echo Mine >"$1"; kill -INT 0; kill -QUIT 0; sleep 0.2`;
    const ran = await onTerminal(daemon, ['edit', id], editor(daemon, keys));
    expect(ran).toMatchObject({ code: 0, screen: expect.stringContaining(`changed ${id}`) });
    expect((await heph(['context', id])).stdout).toBe('Mine\n');
  });

  test('a document that was renamed while it was edited is the one that is saved', async () => {
    const { daemon, heph } = await open();
    await using _ = daemon;
    await heph(['doc', 'new', 'Boiler', '--body', 'Old.']);
    const [program, ...words] = build.command;
    const rename = [program, ...words, 'doc', 'rename', 'Boiler', 'Heating']
      .map((word) => `'${word}'`)
      .join(' ');
    const script = `HEPH_SOCKET=${daemon.socket} ${rename} >/dev/null; echo Mine >"$1"`;
    const ran = await onTerminal(daemon, ['doc', 'edit', 'Boiler'], editor(daemon, script));
    expect(ran.code).toBe(0);
    expect((await heph(['doc', 'show', 'Heating'])).stdout).toBe('Mine\n');
  });

  test('changed elsewhere meanwhile: neither text is lost', async () => {
    const { daemon, heph, id } = await open();
    await using _ = daemon;
    const [program, ...words] = build.command;
    const meanwhile = `HEPH_SOCKET=${daemon.socket} ${[program, ...words].join(' ')} context ${id} --body Theirs >/dev/null`;
    const ran = await onTerminal(
      daemon,
      ['edit', id],
      editor(daemon, `${meanwhile}\necho Mine >"$1"`),
    );
    expect(ran.code).toBe(1);
    const kept = /your text is kept in (\S+)/.exec(ran.screen)?.[1] ?? '';
    expect(readFileSync(kept, 'utf8')).toBe('Mine\n');
    expect((await heph(['context', id])).stdout).toBe('Theirs\n');
  });

  test('nor is it opened where a program reads: --json is wrong usage', async () => {
    const { daemon, id } = await open();
    await using _ = daemon;
    const ran = await onTerminal(daemon, ['edit', id, '--json'], editor(daemon, 'echo Mine >"$1"'));
    expect(ran.code).toBe(2);
    expect(ran.screen).toContain('cannot open an editor: --json is for programs');
  });

  test.each([['edit'], ['context', '--edit']])(
    '%s %s without a terminal is wrong usage',
    async (command, ...flags) => {
      const { daemon, heph, id } = await open();
      await using _ = daemon;
      const ran = await heph([command, id, ...flags]);
      expect(ran).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/^cannot open an editor: this is no terminal/),
      });
    },
  );
});
