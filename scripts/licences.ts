import { readFile } from 'node:fs/promises';
import type { Part } from './parts.ts';
import { root } from './support.ts';

/** What asks for no more than that its text comes along, by the ids of SPDX. */
const PERMISSIVE: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'Apache-2.0 WITH LLVM-exception',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'Unlicense',
  'blessing',
]);
/** What asks for more, too: that it can be linked anew. Its text says from what. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  WebKit: 'LGPL-2.0-only',
  'glibc of zig': 'LGPL-2.1-or-later',
};
const BREAK = `\n${'-'.repeat(72)}\n\n`;

/** The text of each part's licence, one after the other. */
export function thirdParties(parts: readonly Part[]): string {
  return parts.map(({ name, licenceText }) => `${name}\n\n${licenceText}\n`).join(BREAK);
}

/** @throws for the first part that an artefact may not have, as far as licences go. */
export function checkLicences(parts: readonly Pick<Part, 'name' | 'licence'>[]): void {
  for (const { name, licence } of parts) {
    if (PERMISSIVE.has(licence) || EXCEPTIONS[name] === licence) continue;
    const reason = licence === '' ? 'it names no licence' : `its licence is ${licence}`;
    throw new Error(
      `cannot package ${name}: ${reason}\nuse another package, or add to scripts/licences.ts what may be shipped`,
    );
  }
}

/** The text of a licence that no package brings along. */
export function licenceOfOurs(name: 'bun-licence' | 'lgpl-2.0' | 'lgpl-2.1'): Promise<string> {
  return readFile(`${root}/scripts/artefact/${name}.txt`, 'utf8');
}
