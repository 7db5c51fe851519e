import { chmodSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { unpack } from '#update/archive.ts';
import { archive } from '../../../scripts/archive.ts';
import { Sandbox } from '../../support/sandbox.ts';

const SECONDS = 1_795_000_000;

function fill(folder: string, names: string[], mode: number): void {
  mkdirSync(`${folder}/lib/empty`, { recursive: true, mode });
  for (const name of names) {
    writeFileSync(`${folder}/lib/${name}`, name);
    utimesSync(`${folder}/lib/${name}`, mode, mode);
  }
  writeFileSync(`${folder}/run`, 'x');
  chmodSync(`${folder}/run`, mode);
}

test('the same content makes the same bytes, whoever packs it and when', async () => {
  await using sandbox = await Sandbox.make();
  const [one, two] = [sandbox.at('1'), sandbox.at('2')];
  fill(`${one}/heph`, ['b', 'a', '.c', 'ü'], 0o700);
  fill(`${two}/heph`, ['ü', '.c', 'a', 'b'], 0o755);
  await archive(`${one}/heph`, `${one}.tar.gz`, SECONDS);
  await archive(`${two}/heph`, `${two}.tar.gz`, SECONDS);
  expect(readFileSync(`${one}.tar.gz`).equals(readFileSync(`${two}.tar.gz`))).toBe(true);
  await unpack(`${one}.tar.gz`, sandbox.at('out'), { name: 'heph' });
  expect(readFileSync(sandbox.at('out/lib/ü'), 'utf8')).toBe('ü');
  expect(readFileSync(sandbox.at('out/lib/.c'), 'utf8')).toBe('.c');
});
