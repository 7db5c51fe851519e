import * as z from 'zod';
import { LIMITS } from '#core/node.ts';
import { helloLine, requestLine } from '#protocol/envelope.ts';
import { METHODS, requestId, type MethodName, type MethodSpec } from '#protocol/methods.ts';
import { PROTOCOL, VERSION } from '#protocol/version.ts';
import { code, fence, table, type Blocks } from './docs-markdown.ts';

type Schema = z.core.JSONSchema.BaseSchema;
type Properties = Readonly<Record<string, Schema>>;

/** Rows that several methods answer, richest first: each is shown once and named after that. */
const SHAPES: ReadonlyMap<string, Properties> = new Map([
  ['Ranked row', rowsOf('task.next')],
  ['Task row', resultOf('task.edit')],
  ['Project row', rowsOf('project.list')],
  ['Context', resultOf('context.read')],
]);

/** What a schema cannot say. */
const NOTES: Partial<Record<MethodName, string>> = {
  'task.edit':
    'A field that is left out stays as it is; null clears it, as the word `none` does for a date.',
  'context.write': 'Exactly one of `append` and `body`.',
};

const LIMIT_NAMES: Record<keyof typeof LIMITS, [string, string]> = {
  titleChars: ["a title, or a project's name", 'characters'],
  bodyBytes: ['a body', 'bytes'],
  tagChars: ['a tag', 'characters'],
  tags: ['tags of a task', ''],
  keyChars: ['a key', 'characters'],
  logEntryBytes: ['an entry of a log', 'bytes'],
  messageBytes: ['a message, without its newline', 'bytes'],
};

export const rpcBlocks: Blocks = {
  'rpc-greeting': () =>
    [
      fence('json', helloLine({ pid: 4711, started_at: 1_795_392_000_000 })),
      `The client answers with a greeting of its own, and may send requests at once after it:`,
      fence('json', helloLine()),
      `\`protocol\` is ${PROTOCOL} in heph ${VERSION}; both ends must have the same.`,
    ].join('\n\n'),
  'rpc-request': () => fence('json', requestLine(1, 'task.next', { limit: 1 })),
  'rpc-limits': () =>
    table(
      ['what', 'at most'],
      Object.entries(LIMIT_NAMES).map(([name, [what, unit]]) => [
        what,
        `${LIMITS[name as keyof typeof LIMITS].toLocaleString('en')} ${unit}`.trim(),
      ]),
    ),
  'rpc-methods': () => {
    const mark = (is: boolean | 'apart' | undefined) =>
      is === undefined || is === false ? '' : 'yes';
    const rows = entries().map(([name, spec]) => [
      `[${code(name)}](#${anchor(name)})`,
      spec.summary,
      mark(spec.mutates),
      mark(spec.long),
    ]);
    return table(['method', 'summary', 'mutates', 'long'], rows);
  },
  'rpc-request-id': () => {
    const { minLength, maxLength, description } = jsonOf(requestId);
    return `\`request_id\`: a string of ${minLength} to ${maxLength} characters, ${description}.`;
  },
  'rpc-method-details': () =>
    entries()
      .map(([name, spec]) => method(name, spec))
      .join('\n\n'),
  'rpc-shapes': () => [...SHAPES.keys()].map(shape).join('\n\n'),
};

function method(name: MethodName, spec: MethodSpec): string {
  const note = NOTES[name];
  return [
    `### ${code(name)}`,
    `${capital(spec.summary)}.${spec.mutates === true ? ' Mutates.' : ''}${spec.long === true ? ' Long.' : ''}`,
    params(z.toJSONSchema(spec.params, { io: 'input' })),
    ...(note === undefined ? [] : [note]),
    result(jsonOf(spec.result)),
  ].join('\n\n');
}

function params(schema: Schema): string {
  const required = schema.required ?? [];
  const properties = propertiesOf(schema);
  const rows = Object.entries(properties).map(([name, each]) => [
    code(name),
    typeOf(each),
    required.includes(name) ? 'yes' : '',
    each.description ?? meaningInside(each),
  ]);
  return rows.length === 0
    ? 'Params: none.'
    : `Params:\n\n${table(['name', 'type', 'needed', 'meaning'], rows)}`;
}

function result(schema: Schema): string {
  const properties = propertiesOf(schema);
  const title = shapeOf(properties);
  if (title === undefined) return `Result:\n\n${fields(properties)}`;
  const more = without(properties, title);
  const link = `Result: a ${linkTo(title)}`;
  return Object.keys(more).length === 0 ? `${link}.` : `${link} and besides:\n\n${fields(more)}`;
}

/** A ranked row is a task row and one field more: only that is shown. */
function shape(title: string): string {
  const properties = SHAPES.get(title) ?? {};
  if (title !== 'Ranked row') return [`### ${title}`, fields(properties)].join('\n\n');
  return [
    `### ${title}`,
    `A ${linkTo('Task row')} and besides:`,
    fields(without(properties, 'Task row')),
  ].join('\n\n');
}

function fields(properties: Properties): string {
  const rows = Object.entries(properties).map(([name, each]) => [
    code(name),
    typeOf(each),
    each.description ?? meaningInside(each),
  ]);
  return table(['name', 'type', 'meaning'], rows);
}

function without(properties: Properties, title: string): Properties {
  const known = SHAPES.get(title) ?? {};
  return Object.fromEntries(
    Object.entries(properties).filter(([name]) => known[name] === undefined),
  );
}

/** The richest row whose fields are all there. */
function shapeOf(properties: Properties): string | undefined {
  for (const [title, known] of SHAPES) {
    const isAlike = ([name, schema]: [string, Schema]) =>
      JSON.stringify(properties[name]) === JSON.stringify(schema);
    if (Object.entries(known).every(isAlike)) return title;
  }
  return undefined;
}

function resultOf(name: MethodName): Properties {
  return propertiesOf(jsonOf(METHODS[name].result));
}

function rowsOf(name: MethodName): Properties {
  return propertiesOf(resultOf(name)['rows']?.items as Schema);
}

function typeOf(schema: Schema): string {
  if (schema.anyOf) return schema.anyOf.map((each) => typeOf(each)).join(' or ');
  if (schema.enum) return schema.enum.map((word) => code(JSON.stringify(word))).join(', ');
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.type === 'array') {
    const items = schema.items as Schema;
    const title = items.properties === undefined ? undefined : shapeOf(propertiesOf(items));
    return `array of ${title === undefined ? typeOf(items) : linkTo(title)}s`;
  }
  if (Array.isArray(schema.type)) return schema.type.join(' or ');
  return schema.type ?? 'any';
}

/** A nullable field keeps its description on the inside. */
function meaningInside(schema: Schema): string {
  const inside = (schema.anyOf ?? [schema.items]) as (Schema | undefined)[];
  return inside.find((each) => each?.description !== undefined)?.description ?? '';
}

function entries(): [MethodName, MethodSpec][] {
  return Object.entries(METHODS) as [MethodName, MethodSpec][];
}

function jsonOf(schema: z.ZodType): Schema {
  return z.toJSONSchema(schema, { io: 'output' });
}

function propertiesOf(schema: Schema): Properties {
  return (schema.properties ?? {}) as Properties;
}

function anchor(title: string): string {
  return title.toLowerCase().replaceAll(' ', '-').replaceAll('.', '');
}

function linkTo(title: string): string {
  return `[${title.toLowerCase()}](#${anchor(title)})`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
