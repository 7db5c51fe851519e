import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { archive } from '../../../scripts/archive.ts';
import { sbomIn } from '../../../scripts/feed-sbom.ts';
import { Sandbox } from '../../support/sandbox.ts';

const NAME = 'heph-1.2.0-linux-x64';
const SECONDS = 1_795_000_000;

test('the bill of materials is that of the archive, and goes by its name', async () => {
  await using sandbox = await Sandbox.make();
  mkdirSync(sandbox.at(NAME));
  writeFileSync(sandbox.at(NAME, 'sbom.cdx.json'), '{}\n');
  await archive(sandbox.at(NAME), sandbox.at(`${NAME}.tar.gz`), SECONDS);
  const found = await sbomIn(sandbox.at(`${NAME}.tar.gz`));
  expect(found).toEqual({ name: `${NAME}.cdx.json`, text: '{}\n' });
});

test('an archive without one is not released', async () => {
  await using sandbox = await Sandbox.make();
  mkdirSync(sandbox.at(NAME));
  await archive(sandbox.at(NAME), sandbox.at(`${NAME}.tar.gz`), SECONDS);
  await expect(sbomIn(sandbox.at(`${NAME}.tar.gz`))).rejects.toThrow(
    `cannot release ${NAME}.tar.gz: it has no sbom.cdx.json`,
  );
});
