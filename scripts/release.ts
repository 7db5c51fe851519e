/**
 * Put the packaged artefacts of this version on a feed, and sign it:
 *
 *   npm run release -- --new-key FILE             make a key, print its public half
 *   npm run release -- --feed DIR --key FILE      --key again for each further key
 */
import { readdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { sbomIn } from './feed-sbom.ts';
import { newKey, release } from './feed.ts';
import { buildVersion, root, say } from './support.ts';

const USAGE = 'npm run release -- --feed DIR --key FILE [--days N], or --new-key FILE';
const DAYS = '180';

try {
  await main();
} catch (error) {
  say((error as Error).message);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      feed: { type: 'string' },
      key: { type: 'string', multiple: true },
      days: { type: 'string', default: DAYS },
      'new-key': { type: 'string' },
    },
  });
  const { feed, key: keys, days, 'new-key': file } = values;
  if (file !== undefined) {
    process.stdout.write(`${await newKey(file)}\n`);
    say(
      `made ${file}: keep it where nobody else reads it, and a copy; clients are given the line above`,
    );
    return;
  }
  if (feed === undefined || keys === undefined || !/^[1-9]\d{0,3}$/.test(days))
    throw new Error(`cannot release: it is ${USAGE}`);
  const version = await buildVersion();
  const names = await readdir(`${root}/build`).catch(() => []);
  const archives = names
    .filter((name) => name.startsWith(`heph-${version}-`) && name.endsWith('.tar.gz'))
    .map((name) => `${root}/build/${name}`);
  const sboms = await Promise.all(archives.map(sbomIn));
  const manifest = await release({
    feed,
    version,
    archives,
    keys,
    nowMs: Date.now(),
    days: Number(days),
  });
  for (const { name, text } of sboms) await writeFile(`${feed}/${name}`, text);
  const platforms = Object.keys(manifest.artifacts).join(', ');
  say(`${feed} has ${version} for ${platforms}; it is good until ${manifest.expires}`);
}
