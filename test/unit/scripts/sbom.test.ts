import { describe, expect, test } from 'vitest';
import { checkLicences, thirdParties } from '../../../scripts/licences.ts';
import type { Part } from '../../../scripts/parts.ts';
import { sbom } from '../../../scripts/sbom.ts';

const BUILD = { version: '1.2.0', platform: 'linux-x64', commit: 'abc', seconds: 1_795_000_000 };
const PACKAGE: Part = {
  name: '@a/b',
  version: '4.0.0',
  kind: 'library',
  licence: 'MIT',
  licenceText: 'Do what you like.',
  purl: 'pkg:npm/%40a/b@4.0.0',
  integrity: 'sha512-AAEC/w==',
};
const COMPILED: Part = {
  name: 'libx',
  version: '17.0.0',
  kind: 'library',
  licence: 'Apache-2.0 WITH LLVM-exception',
  licenceText: 'Say whose it is.',
  purl: 'pkg:generic/libx@17.0.0',
  cpe: 'cpe:2.3:a:x:libx:17.0.0:*:*:*:*:*:*:*',
};

describe('a bill of materials', () => {
  test('says of which build it is, and when that was committed', () => {
    expect(JSON.parse(sbom(BUILD, []))).toEqual({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      version: 1,
      metadata: {
        timestamp: '2026-11-18T11:06:40.000Z',
        component: {
          type: 'application',
          'bom-ref': 'heph@1.2.0',
          name: 'heph',
          version: '1.2.0',
          licenses: [{ license: { id: 'MIT' } }],
          properties: [
            { name: 'heph:commit', value: 'abc' },
            { name: 'heph:platform', value: 'linux-x64' },
          ],
        },
      },
      components: [],
    });
  });

  test('has of each part its name, version, licence and where it is from', () => {
    const { components } = JSON.parse(sbom(BUILD, [PACKAGE, COMPILED])) as { components: unknown };
    expect(components).toEqual([
      {
        type: 'library',
        'bom-ref': 'pkg:npm/%40a/b@4.0.0',
        name: '@a/b',
        version: '4.0.0',
        hashes: [{ alg: 'SHA-512', content: '000102ff' }],
        licenses: [{ license: { id: 'MIT' } }],
        purl: 'pkg:npm/%40a/b@4.0.0',
      },
      {
        type: 'library',
        'bom-ref': 'pkg:generic/libx@17.0.0',
        name: 'libx',
        version: '17.0.0',
        licenses: [{ expression: 'Apache-2.0 WITH LLVM-exception' }],
        cpe: 'cpe:2.3:a:x:libx:17.0.0:*:*:*:*:*:*:*',
        purl: 'pkg:generic/libx@17.0.0',
      },
    ]);
  });

  test('is the same text for the same build', () => {
    expect(sbom(BUILD, [PACKAGE])).toBe(sbom({ ...BUILD }, [{ ...PACKAGE }]));
  });
});

describe('licences', () => {
  test.each(['MIT', 'ISC', 'Apache-2.0', 'Apache-2.0 WITH LLVM-exception', 'blessing'])(
    '%s may be shipped',
    (licence) => {
      expect(() => checkLicences([{ name: 'x', licence }])).not.toThrow();
    },
  );

  test.each([
    ['', 'cannot package x: it names no licence\n'],
    ['GPL-3.0-only', 'cannot package x: its licence is GPL-3.0-only\n'],
    ['LGPL-2.0-only', 'cannot package x: its licence is LGPL-2.0-only\n'],
    ['(MIT OR GPL-3.0-only)', 'cannot package x: its licence is (MIT OR GPL-3.0-only)\n'],
    ['SEE LICENSE IN LICENSE', 'cannot package x: its licence is SEE LICENSE IN LICENSE\n'],
  ])('%j may not', (licence, message) => {
    const parts = [PACKAGE, { name: 'x', licence }];
    expect(() => checkLicences(parts)).toThrow(message);
  });

  test.each([
    ['WebKit', 'LGPL-2.0-only'],
    ['glibc of zig', 'LGPL-2.1-or-later'],
  ])('the one of %s may, under that name and no other', (name, licence) => {
    expect(() => checkLicences([{ name, licence }])).not.toThrow();
    expect(() => checkLicences([{ name, licence: 'GPL-2.0-only' }])).toThrow(name);
  });

  test('their texts stand below the names of the parts', () => {
    expect(thirdParties([PACKAGE, COMPILED])).toBe(
      `@a/b\n\nDo what you like.\n\n${'-'.repeat(72)}\n\nlibx\n\nSay whose it is.\n`,
    );
  });
});
