import { expect, test } from 'vitest';
import { bashScript } from '#cli/completion/bash.ts';
import { fishScript } from '#cli/completion/fish.ts';
import type { Completion } from '#cli/completion/offers.ts';
import { zshScript } from '#cli/completion/zsh.ts';

/** One of everything. */
const COMPLETIONS: readonly Completion[] = [
  {
    path: ['file'],
    summary: "File what's there: [all] of it",
    args: [{ name: 'PATH|-', isMany: true, offer: { of: 'files' } }],
    options: [
      {
        name: 'tag',
        short: 't',
        summary: 'a tag',
        isMany: true,
        takes: { name: 'T', offer: { of: 'asked', what: 'tag' } },
      },
      { name: 'dry', short: null, summary: 'only say [it]', isMany: false, takes: null },
    ],
  },
  {
    path: ['lamp', 'set'],
    summary: 'Set it',
    args: [{ name: 'C', isMany: false, offer: { of: 'words', words: ['red', 'blue'] } }],
    options: [],
  },
];

test('bash: a line a command', () => {
  const lines = bashScript(COMPLETIONS).split('\n');
  expect(lines).toContain("    lamp) args='words:set' ;;");
  expect(lines).toContain(
    "    'file') args='files' isMany='yes' options='--tag=asked:tag -t=asked:tag --dry' ;;",
  );
  expect(lines).toContain("    'lamp set') args='words:red|blue' options='' ;;");
});

test('zsh: what would end a description does not', () => {
  const lines = zshScript(COMPLETIONS).split('\n');
  expect(lines).toContain("    'file:File what'\\''s there: [all] of it'");
  expect(lines).toContain("      '*-t+[a tag]:T: _heph_asked tag' \\");
  expect(lines).toContain("      '--dry[only say \\[it\\]]' \\");
  expect(lines).toContain("      '*:PATH|-:_files' ;;");
});

test('fish: a line an option', () => {
  const lines = fishScript(COMPLETIONS).split('\n');
  expect(lines).toContain(
    `complete -c heph -n '__heph_is ""' -a file -d 'File what\\'s there: [all] of it'`,
  );
  expect(lines).toContain(
    `complete -c heph -n '__heph_is "file"' -s t -l tag -r -k -a '(__heph_asked tag)' -d 'a tag'`,
  );
  expect(lines).toContain(`complete -c heph -n '__heph_at "file" 0 999' -F`);
  expect(lines).toContain(`complete -c heph -n '__heph_at "lamp set" 0 0' -a 'red blue'`);
});
