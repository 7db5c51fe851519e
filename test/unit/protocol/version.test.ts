import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COMMIT, VERSION } from '#protocol/version.ts';

test("a working tree's version is the one of package.json", () => {
  const { version } = JSON.parse(
    readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
  );
  expect(VERSION).toBe(version);
  expect(COMMIT).toBe('working tree');
});
