import * as z from 'zod';
import { Server } from '#daemon/server.ts';
import { METHODS, type MethodName } from '#protocol/methods.ts';
import { Core } from '../support/builders.ts';
import { memoryDialer, type Message } from '../support/memory-transport.ts';
import { oddText, oddValue } from './odd-values.ts';
import type { Random } from './random.ts';
import { storeProblems } from './replay.ts';
import { expectNone, type Counts, type Trial } from './trial.ts';

const MESSAGES = 20_000;
/** What is answered in a worker takes long, and is asked more seldom. */
const LONG_CHANCE = 0.02;
/** They are about files beside the store, feeds, or changes to come, and have trials or tests of their own. */
const LEFT_OUT = /^(store\.(backup|restore)|history\.watch|update\..*)$/;

type Schema = z.core.JSONSchema.JSONSchema;

const SCHEMAS = new Map(
  Object.entries(METHODS).map(([name, { params }]) => [
    name,
    z.toJSONSchema(params, { unrepresentable: 'any' }) as Schema,
  ]),
);

export const protocolFuzz: Trial = {
  name: 'protocol-fuzz',
  claim:
    'whatever a client sends is answered, with an error that has a name, and the store stays sound',
  isForLinux: false,
  run: fuzz,
};

async function fuzz(random: Random, folder: string, scale: number): Promise<Counts> {
  const path = `${folder}/heph.db`;
  const counts = { messages: 0, accepted: 0, refused: 0, hangUps: 0 };
  {
    await using core = new Core({ path });
    const server = new Server({
      pid: 1,
      startedAtMs: 0,
      dispatch: (asked, peer) => core.dispatcher.dispatch(asked, peer),
    });
    const known: string[] = [];
    while (counts.messages < MESSAGES * scale) {
      const talk = new Talk(server);
      await talk.begin();
      const size = random.int(1, 200);
      for (let i = 0; i < size && talk.isOpen; i++) {
        counts.messages++;
        const line = random.is(0.05) ? garbage(random) : request(random, i, known);
        const answer = await talk.ask(line);
        if (answer === null) counts.hangUps++;
        else if (answer.error === undefined) counts.accepted++;
        else counts.refused++;
        remember(answer, known);
      }
      talk.hangUp();
      expectNone(core.internalErrors.map((error) => `a defect: ${(error as Error).stack}`));
    }
  }
  expectNone(storeProblems(path));
  return counts;
}

/** A connection that is asked one thing at a time. */
class Talk {
  readonly #server: Server;
  #waiting: PromiseWithResolvers<Message | null> | null = null;
  #send: (text: string) => void = () => undefined;
  #hangUp: () => void = () => undefined;
  #rest = '';
  isOpen = true;

  constructor(server: Server) {
    this.#server = server;
  }

  async begin(): Promise<void> {
    const connection = await memoryDialer(this.#server.accept).dial(
      {
        data: (chunk) => this.#hear(Buffer.from(chunk).toString()),
        closed: () => this.#end(),
      },
      1000,
    );
    this.#send = (text) => void connection.write(text);
    this.#hangUp = () => connection.destroy();
    this.#waiting = Promise.withResolvers();
    await this.#waiting.promise;
    this.#send('{"jsonrpc":"2.0","method":"hello","params":{"protocol":1,"version":"fuzz"}}\n');
  }

  /** @returns the answer; null when the daemon hung up instead. @throws when neither comes. */
  async ask(line: string): Promise<Message | null> {
    this.#waiting = Promise.withResolvers();
    const timer = setTimeout(
      () => this.#waiting?.reject(new Error(`no answer to ${line.slice(0, 500)}`)),
      30_000,
    );
    this.#send(`${line}\n`);
    try {
      return await this.#waiting.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  hangUp(): void {
    this.#hangUp();
  }

  #hear(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = JSON.parse(line) as Message;
      const code = message.error?.data.code;
      if (code === 'internal' || (message.error !== undefined && code === undefined))
        this.#waiting?.reject(new Error(`an answer that explains nothing: ${line}`));
      this.#waiting?.resolve(message);
    }
  }

  #end(): void {
    this.isOpen = false;
    this.#waiting?.resolve(null);
  }
}

/** A request that has an answer to come: what has no id is none. */
function request(random: Random, id: number, known: readonly string[]): string {
  const isLong = (name: string) => 'long' in METHODS[name as MethodName];
  const wantsLong = random.is(LONG_CHANCE);
  const names = [...SCHEMAS.keys()].filter(
    (name) => !LEFT_OUT.test(name) && isLong(name) === wantsLong,
  );
  const method = random.is(0.01) ? oddText(random) : random.pick(names);
  const schema = SCHEMAS.get(method);
  const params = schema === undefined ? oddValue(random) : valueFor(schema, random, known);
  if (isObject(params) && random.is(0.95))
    params['request_id'] = random.is(0.9) ? `fuzz-${random.int(0, 1e9)}` : oddText(random);
  return JSON.stringify({ jsonrpc: '2.0', id, method, params });
}

/** Mostly what the schema asks for, with odd texts in it; now and then something else. */
function valueFor(schema: Schema, random: Random, known: readonly string[]): unknown {
  if (random.is(0.03)) return oddValue(random);
  if (schema.enum) return random.is(0.9) ? random.pick(schema.enum) : oddText(random);
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return valueFor(random.pick(either), random, known);
  switch (schema.type) {
    case 'object': {
      const entries = Object.entries(schema.properties ?? {}).filter(
        ([name]) => schema.required?.includes(name) === true || random.is(0.3),
      );
      return Object.fromEntries(
        entries.map(([name, each]) => [name, valueFor(each as Schema, random, known)]),
      );
    }
    case 'array': {
      const items = (schema.items ?? {}) as Schema;
      return Array.from({ length: random.int(0, 3) }, () => valueFor(items, random, known));
    }
    case 'boolean':
      return random.is(0.5);
    case 'integer':
    case 'number':
      return random.pick([0, 1, 2, 10, -1, 1.5, 1e12, random.int(0, 1000)]);
    case 'string':
      return known.length > 0 && random.is(0.4) ? random.pick(known) : oddText(random);
    default:
      return oddValue(random);
  }
}

/** What is no message, but is a line: anything with something in it. */
function garbage(random: Random): string {
  const whole = request(random, 1, []);
  const at = random.int(0, whole.length - 1);
  const line = random.pick([
    whole.slice(0, at),
    whole.slice(0, at) + oddText(random) + whole.slice(at),
    JSON.stringify(oddValue(random)),
    '['.repeat(random.int(1, 5000)),
    `${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`,
    oddText(random),
  ]);
  const one = line.replaceAll('\n', ' ');
  return hasAnswer(one) ? one : '!';
}

/** A notification is heard and not answered, and an empty line is nothing. */
function hasAnswer(line: string): boolean {
  if (line.trim() === '') return false;
  try {
    const value: unknown = JSON.parse(line);
    return !isObject(value) || 'id' in value;
  } catch {
    return true;
  }
}

/** Ids and titles that came back are what a client would use next. */
function remember(answer: Message | null, known: string[]): void {
  const { node_id: id, title } = (answer?.result ?? {}) as { node_id?: unknown; title?: unknown };
  for (const text of [id, title]) {
    if (typeof text === 'string' && text !== '') known.push(text);
  }
  if (known.length > 500) known.splice(0, 250);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
