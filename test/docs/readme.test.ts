import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { runCli } from '#cli/main.ts';
import { seed } from '../../scripts/seed.ts';
import { root } from '../../scripts/support.ts';
import { environment, startDaemon } from '../../scripts/working-tree-daemon.ts';
import { Sandbox } from '../support/sandbox.ts';
import { alike, masked } from './masks.ts';
import { readPage } from './pages.ts';

const transcript = await readFile(`${root}/fixtures/transcripts/readme.txt`, 'utf8');
const commands = transcript.split('\n').filter((line) => line.startsWith('$ heph '));

test('README shows the transcript as it is kept', async () => {
  const { text } = await readPage('README.md');
  expect(text).toContain(`\`\`\`console\n${transcript}\`\`\`\n`);
});

test('the transcript is what a terminal shows, to the column', { timeout: 60_000 }, async () => {
  await using sandbox = await Sandbox.make();
  const places = { socket: sandbox.at('hephd.sock'), db: sandbox.at('heph.db') };
  const daemon = await startDaemon(places, { watch: false });
  try {
    await seed(places.socket, places.db);
    const shown: string[] = [];
    for (const command of commands) {
      let said = '';
      const code = await runCli(
        onTerminal(wordsOf(command), environment(places), (text) => (said += text)),
      );
      expect(code, said).toBe(0);
      shown.push(`${command}\n${said}`);
    }
    expect(masked(shown.join('\n'))).toBe(masked(transcript));
  } finally {
    daemon.stop();
    await daemon.ended;
  }
});

test('npm run demo shows the same, as a pipe gets it', { timeout: 60_000 }, async () => {
  const { stdout } = await execa(process.execPath, [`${root}/scripts/demo.ts`], { cwd: root });
  const flat = (text: string) => alike(text).replaceAll(/\s+/g, ' ').trim();
  expect(flat(stdout)).toBe(flat(transcript));
});

/** `$ heph task "Try heph"` to the words that a shell would pass. */
function wordsOf(command: string): string[] {
  const words = command.slice('$ heph '.length).match(/"[^"]*"|\S+/g) ?? [];
  return words.map((word) => word.replaceAll('"', ''));
}

function onTerminal(argv: string[], env: Record<string, string>, print: (text: string) => void) {
  return {
    argv,
    env: { ...env, NO_COLOR: '1' },
    home: root,
    cwd: root,
    platform: 'linux',
    uid: 1000,
    user: 'ada',
    program: { executable: process.execPath, script: `${root}/src/bin/heph.ts` },
    columns: 90,
    stdout: print,
    stderr: print,
    isInteractive: false,
    edit: () => Promise.reject(new Error('nobody edits here')),
    openLog: () => Promise.reject(new Error('no log here')),
    isReaderGone: () => true,
    readStdin: () => '',
    readText: () => Promise.reject(new Error('no file here')),
    readFolder: () => Promise.reject(new Error('no folder here')),
    isFolder: async () => false,
    writeFile: () => Promise.reject(new Error('no file here')),
    writeFolder: () => Promise.reject(new Error('no folder here')),
  };
}
