import { execa } from 'execa';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { defaultPaths } from '#config/paths.ts';
import { SERVICE_NAMES } from '#service/service.ts';
import { renderPlist } from '#service/launchd/plist.ts';
import { installPackages } from '../../containers/apt.ts';
import { isInstalled, messageOf } from '../../containers/run.ts';
import { fileName, word } from '../support/odd-words.ts';

/** Why the other reader of plists is not to be had; undefined where it is. In CI that is a failure. */
async function missingReader(): Promise<string | undefined> {
  try {
    if (!(await isInstalled('plistutil'))) await installPackages(['libplist-utils']);
    return undefined;
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    return `there is no plistutil: ${messageOf(error)}`;
  }
}

const missing = await missingReader();
beforeEach((context) => context.skip(missing !== undefined, missing));

/** Through Apple's binary form and back, all by a reader that shares nothing with ours. */
async function roundTrip(xml: string): Promise<string> {
  const binary = await execa('plistutil', ['-i', '-', '-o', '-'], {
    input: xml,
    encoding: 'buffer',
  });
  const { stdout } = await execa('plistutil', ['-i', '-', '-o', '-'], {
    input: binary.stdout,
    encoding: 'buffer',
  });
  return Buffer.from(stdout).toString();
}

test('another reader of plists finds in one the words that went in (C7)', async () => {
  await fc.assert(
    fc.asyncProperty(fileName, fc.array(word, { maxLength: 5 }), async (name, args) => {
      const home = `/Users/${name}`;
      const program = [`${home}/hephd`, ...args];
      const paths = defaultPaths(home);
      const label = SERVICE_NAMES.launchd;
      const spec = { name: label, home, uid: 501, unitPath: '', program, paths, version: '1' };
      const xml = await roundTrip(renderPlist(spec));
      expect(stringsIn(xml)).toEqual([label, ...program, paths.log, paths.log].toSorted());
    }),
    { numRuns: 50 },
  );
});

/** In no order: the binary form keeps none of the keys. */
function stringsIn(xml: string): string[] {
  return [...xml.matchAll(/<string>(.*?)<\/string>/gs)]
    .map(([, text = '']) => text)
    .map((text) =>
      text
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&apos;', "'")
        .replaceAll('&amp;', '&'),
    )
    .toSorted();
}
