import { mkdirSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { HephError, type Problem } from '#core/errors.ts';
import type { UpdatePlaces } from '#update/places.ts';

/** A version that says so, and does this with a copy of the store. */
export function placeVersion(places: UpdatePlaces, version: string, onSelfTest = 'exit 0'): void {
  const folder = `${places.versions}/${version}`;
  mkdirSync(`${folder}/bin`, { recursive: true });
  writeFileSync(`${folder}/VERSION`, `${version}\n`);
  const says = `case $1 in --version) echo "hephd ${version} (test)" ;; *) ${onSelfTest} ;; esac`;
  writeFileSync(`${folder}/bin/hephd`, `#!/bin/sh\n${says}\n`, { mode: 0o755 });
}

/** What an updater refuses with. */
export async function refusalOf(asked: Promise<unknown>): Promise<Problem> {
  const error = await asked.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HephError);
  return (error as HephError).problem;
}
