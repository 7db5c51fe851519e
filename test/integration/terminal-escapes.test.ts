import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '#cli/main.ts';
import { startDaemon, type Daemon } from '../support/daemon.ts';
import { hephOn } from '../support/heph.ts';

/** What would clear a screen, name a window, run a key, or turn the line round. */
const EVIL = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202eevil\u0008';
/** Titles, names, tags and keys with control characters are refused; these are taken. */
const ODD = '\u202eevil\u2066';
/** Colours are heph's own, and are switched off here. */
// oxlint-disable-next-line no-control-regex
const STEERS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

let daemon: Daemon;
const ids: Record<'task' | 'doc', string> = { task: '', doc: '' };

/** Every field that somebody may have filled, filled by somebody who means harm. */
beforeAll(async () => {
  daemon = await startDaemon();
  const heph = hephOn(daemon.socket);
  const made = async (...args: string[]) => {
    const { code, stdout, stderr } = await heph([...args, '--json'], { input: `${EVIL} body\n` });
    expect(code, stderr + stdout).toBe(0);
    return JSON.parse(stdout) as { node_id: string };
  };
  await made('project', 'add', `P${ODD}`);
  const words = ['--project', `P${ODD}`, '--tag', `t${ODD}`, '--key', `k${ODD}`];
  ids.task = (await made('task', `T${ODD}`, ...words, '--context', '-')).node_id;
  ids.doc = (await made('doc', 'new', `D${ODD}`, '--body', '-')).node_id;
  await made('log', ids.task, `L${EVIL}`);
  await made('journal', '--append', `J${EVIL} [[D${ODD}]]`);
}, 60_000);
afterAll(() => daemon[Symbol.asyncDispose]());

async function onTerminal(argv: string[]): Promise<string> {
  let said = '';
  const say = (text: string) => void (said += text);
  const nobody = () => Promise.reject(new Error('nobody does that here'));
  await runCli({
    argv,
    env: { HEPH_SOCKET: daemon.socket, HEPH_DB: daemon.db, NO_COLOR: '1' },
    home: daemon.folder,
    cwd: daemon.folder,
    platform: 'linux',
    uid: 1000,
    program: { executable: process.execPath, script: '/heph.ts' },
    columns: 100,
    stdout: say,
    stderr: say,
    isInteractive: false,
    edit: nobody,
    openLog: nobody,
    isReaderGone: () => true,
    readStdin: () => '',
    readText: nobody,
    readFolder: nobody,
    isFolder: async () => false,
    writeFile: nobody,
    writeFolder: nobody,
  });
  return said;
}

test.each([
  ['next', '--explain'],
  ['list', '--all'],
  ['list', '--tag', `t${ODD}`],
  ['show', 'TASK'],
  ['context', 'TASK'],
  ['log', 'TASK'],
  ['project', 'list'],
  ['tag', 'list'],
  ['doc', 'list'],
  ['doc', 'show', 'DOC'],
  ['journal'],
  ['search', 'evil'],
  ['history'],
  ['history', 'TASK'],
  ['backlinks', 'DOC'],
  ['links', 'DOC'],
  ['show', `nothing${EVIL}`],
  ['list', '--project', `nothing${EVIL}`],
  [`unknown${EVIL}`],
  ['task', 'x', `--odd${EVIL}`],
  ['task', 'x', '--do-date', EVIL],
  ['task', 'x', '--recur', EVIL],
  ['undo'],
])('heph %s sends nothing to a terminal that steers it', async (...argv) => {
  const said = await onTerminal(
    argv.map((word) => ({ TASK: ids.task, DOC: ids.doc })[word] ?? word),
  );
  expect(said).not.toBe('');
  expect(said).not.toMatch(STEERS);
});
