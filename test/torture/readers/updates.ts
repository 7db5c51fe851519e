import { deepEqual, equal, ok } from 'node:assert/strict';
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { parseManifest } from '#update/manifest.ts';
import { parseProbation, probationText } from '#update/probation.ts';
import { UpdateError } from '#update/problem.ts';
import { isSigned, keyProblem } from '#update/signature.ts';
import { parseState } from '#update/state.ts';
import { compareVersions, VERSION_FORM } from '#update/version.ts';
import type { Readers } from './reader.ts';

const BYTES = Buffer.from('what is signed');
/** PKCS #8 of a key that is always the same, as texts of the same seed are. */
const DER = Buffer.from(`302e020100300506032b657004220420${'07'.repeat(32)}`, 'hex');
const secret = createPrivateKey({ key: DER, format: 'der', type: 'pkcs8' });
const { x = '' } = createPublicKey(secret).export({ format: 'jwk' });
const KEY = Buffer.from(x, 'base64url').toString('base64');
const SIGNATURE = sign(null, BYTES, secret).toString('base64');
const SIGNATURES_MAX = 16;

/** What feeds offer, and what updates leave behind. */
export const READERS: Readers = {
  manifest: {
    read: (text) => {
      const manifest = parseManifest(Buffer.from(text), 'feed');
      deepEqual(parseManifest(Buffer.from(JSON.stringify(manifest)), 'feed'), manifest);
    },
    words: [
      '{"version":"1.2.3","released":"2026-11-27T00:00:00Z","expires":"2027-11-27T00:00:00Z","artifacts":{}}',
      '{"version":',
      '"1.2.3"',
      ',',
      '"artifacts":{',
      '"linux-x64":{"file":"a.tar.gz","size":1,"sha512":"',
      '0'.repeat(128),
      '"}',
      '}',
      ':',
      'null',
      '1e999',
    ],
    refusals: [UpdateError],
  },
  state: {
    read: (text) => {
      const state = parseState(text);
      deepEqual(parseState(JSON.stringify(state)), state);
    },
    words: [
      '{',
      '"bad":',
      '[',
      ']',
      '{"version":"1","why":"x","at":"y"}',
      ',',
      '"failures":',
      '-1',
      '}',
      '"policy":"on"',
      '"pending":{"from":"1.0.0","to":"1.0.1"}',
      '"pending":',
      '"previous":"1.0.0"',
      'null',
    ],
  },
  probation: {
    read: (text) => {
      const probation = parseProbation(text);
      if (probation !== null) deepEqual(parseProbation(probationText(probation)), probation);
    },
    words: [
      'from ',
      '1.0.0',
      '\n',
      'to ',
      '../..',
      'boots ',
      '9',
      ' ',
      'from 1.0.0\nto 1.0.1\nboots 1\n',
    ],
  },
  signatures: {
    read: (text) => {
      const isThere = text
        .split('\n')
        .slice(0, SIGNATURES_MAX)
        .some((line) => line.trim() === SIGNATURE);
      equal(isSigned(BYTES, text, ['', text, KEY]), isThere);
      equal(isSigned(BYTES, SIGNATURE, [text]), text === KEY);
    },
    words: [SIGNATURE, KEY, '\n', ' ', '=', 'A', '/', '+', '-', '\r\n'],
  },
  key: {
    read: (text) => {
      if (keyProblem(text) === null) equal(Buffer.from(text, 'base64').toString('base64'), text);
    },
    words: [KEY, KEY.slice(0, 20), KEY.slice(20), '=', 'A', 'A'.repeat(43), 'B', '\n'],
  },
  version: {
    read: (text) => {
      if (!VERSION_FORM.test(text)) return;
      for (const other of ['0.0.0', '1.2.3', text]) {
        equal(
          Math.sign(compareVersions(text, other)),
          -Math.sign(compareVersions(other, text)) + 0,
        );
        equal(compareVersions(text, other) === 0, text === other);
      }
      ok(text.length < 21);
    },
    words: ['0', '1', '.', '999999', '1.2.3', '-rc', '\n', '00'],
  },
};
