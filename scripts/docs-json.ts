import * as z from 'zod';
import { COMMANDS } from '#cli/table.ts';
import { DOCUMENTS } from './docs-cli.ts';
import { code, table, type Blocks } from './docs-markdown.ts';
import { ERROR_SHAPE, JSON_SHAPES } from './json-shapes.ts';

export const jsonBlocks: Blocks = {
  'json-documents': () =>
    table(
      ['command', 'with `--json` it prints', 'schema'],
      COMMANDS.map(({ path }) => {
        const name = path.join(' ');
        const file = fileOf(name);
        return [
          `[${code(`heph ${name}`)}](cli.md#heph-${path.join('-')})`,
          DOCUMENTS[name] ?? '',
          `[${file}](schemas/${file})`,
        ];
      }),
    ),
};

/** The schema of every command's document, and of an error, by the name of its file. */
export function schemaFiles(): ReadonlyMap<string, string> {
  const named = Object.entries(JSON_SHAPES).map(([name, { shape, isLines }]): [string, string] => {
    const what = isLines === true ? `a line of heph ${name}` : `heph ${name} --json`;
    return [fileOf(name), schemaText(what, shape)];
  });
  return new Map([...named, ['error.json', schemaText('an error, of any command', ERROR_SHAPE)]]);
}

function fileOf(name: string): string {
  return `${name.replaceAll(' ', '-')}.json`;
}

/** Fields are only ever added, so that one more is no reason to refuse a document. */
function schemaText(title: string, shape: z.ZodType): string {
  const schema = z.toJSONSchema(shape, {
    io: 'output',
    override: ({ jsonSchema }) => {
      delete jsonSchema.additionalProperties;
      // What every number of JSON is held to anyway.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  const { $schema, ...rest } = schema;
  return `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`;
}
