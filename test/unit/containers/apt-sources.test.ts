import { describe, expect, test } from 'vitest';
import { parseLines, parseStanzas } from '../../../containers/apt-sources.ts';

const URI = 'http://mirror.example/debian';
const KEYRING = '/usr/share/keyrings/archive.gpg';

describe('a .sources file', () => {
  test('names a mirror, its suites and the key it is signed with', () => {
    const text = `# a comment\nTypes: deb\nURIs: ${URI}\nSuites: trixie trixie-updates\nComponents: main\nSigned-By: ${KEYRING}\n`;
    expect(parseStanzas(text)).toEqual([
      { uri: URI, suites: ['trixie', 'trixie-updates'], components: ['main'], keyring: KEYRING },
    ]);
  });

  test('continues a field on an indented line', () => {
    const text = `Types: deb\nURIs: ${URI}\nSuites: trixie\n forky\nComponents: main`;
    expect(parseStanzas(text)[0]?.suites).toEqual(['trixie', 'forky']);
  });

  test.each(['Types: deb-src', 'Types: deb\nEnabled: no'])(
    'leaves out what is not in use: %j',
    (head) => {
      expect(parseStanzas(`${head}\nURIs: ${URI}\nSuites: trixie\nComponents: main`)).toEqual([]);
    },
  );

  test('may hold several paragraphs', () => {
    const one = `Types: deb\nURIs: ${URI}\nSuites: trixie\nComponents: main`;
    expect(parseStanzas(`${one}\n\n${one}\n`)).toHaveLength(2);
  });
});

test.each([
  [
    `deb ${URI} trixie main contrib`,
    { uri: URI, suites: ['trixie'], components: ['main', 'contrib'], keyring: undefined },
  ],
  [
    `deb [arch=amd64 signed-by=${KEYRING}] ${URI} trixie main # why`,
    { uri: URI, suites: ['trixie'], components: ['main'], keyring: KEYRING },
  ],
])('a line of a .list file: %s', (line, expected) => {
  expect(parseLines(line)).toEqual([expected]);
});

test.each(['', '# deb http://mirror.example trixie main', `deb-src ${URI} trixie main`, 'deb'])(
  'a line that names no mirror: %j',
  (line) => {
    expect(parseLines(line)).toEqual([]);
  },
);
