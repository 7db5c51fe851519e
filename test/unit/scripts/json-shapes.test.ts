import { expect, test } from 'vitest';
import { COMMANDS } from '#cli/table.ts';
import { schemaFiles } from '../../../scripts/docs-json.ts';
import { JSON_SHAPES } from '../../../scripts/json-shapes.ts';

test('every command has a shape, and nothing else has', () => {
  const names = COMMANDS.map(({ path }) => path.join(' '));
  expect(Object.keys(JSON_SHAPES).toSorted()).toEqual(names.toSorted());
});

test('a schema lets pass what is not in it: fields are added', () => {
  for (const [, text] of schemaFiles()) expect(text).not.toContain('additionalProperties');
});

test('a schema says what it is of', () => {
  const titles = [...schemaFiles()].map(([name, text]) => [
    name,
    (JSON.parse(text) as { title: string }).title,
  ]);
  expect(titles).toContainEqual(['project-list.json', 'heph project list --json']);
  expect(titles).toContainEqual(['watch.json', 'a line of heph watch']);
  expect(titles).toContainEqual(['error.json', 'an error, of any command']);
});
