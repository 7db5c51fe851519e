import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startDaemon, type Daemon } from '../support/daemon.ts';
import { builds, hephOn } from '../support/heph.ts';
import { missingProgram, typed, WAYS } from '../support/shells.ts';

/** What is typed, and what heph is called with then. */
const CASES: [string, string][] = [
  ['heph sea\tboiler', '<search><boiler>'],
  ['heph project arc\tHome', '<project><archive><Home>'],
  ['heph project archive --un\tHome', '<project><archive><--undo><Home>'],
  ['heph task x --attention r\t', '<task><x><--attention><red>'],
  ['heph task x --attention=r\t', '<task><x><--attention=red>'],
  ['heph task x --project Hou\t', '<task><x><--project><House and garden>'],
  ['heph task x --project=Hou\t', '<task><x><--project=House and garden>'],
  ['heph list --json --project hou\t', '<list><--json><--project><House and garden>'],
  ['heph task x --project "Hou\t', '<task><x><--project><House and garden>'],
  ["heph task x --project 'Hou\t", '<task><x><--project><House and garden>'],
  ['heph doc show Jo\t', "<doc><show><Jo's $5 `list`>"],
  ['heph doc show "Jo\t', "<doc><show><Jo's $5 `list`>"],
  ['heph doc show On\t', '<doc><show><On: this = that>'],
  ["heph doc show 'C:\t", String.raw`<doc><show><C:\my\notes>`],
  ['heph list --tag err\t', '<list><--tag><errand>'],
  ['heph list --tag from:o\t', '<list><--tag><from:office>'],
  ['heph list --key=git:1\t', '<list><--key=git:17>'],
  ['heph done \t', '<done><THE-ID>'],
  ['heph tag add THE-ID err\t', '<tag><add><THE-ID><errand>'],
  ['heph done THE-ID --js\t', '<done><THE-ID><--json>'],
  ['heph config get back\t', '<config><get><backup.keep>'],
  ['heph restore mine\t', "<restore><mine, Jo's.db>"],
  ['heph import tas\t -', '<import><taskwarrior><->'],
  ['heph import heph mine\t', "<import><heph><mine, Jo's.db>"],
  ['heph help jour\t', '<help><journal>'],
  ['heph task mine\t', '<task><mine>'],
];

describe('completions', () => {
  let daemon: Daemon;
  let id: string;
  beforeAll(async () => {
    daemon = await startDaemon();
    const heph = hephOn(daemon.socket);
    await heph(['project', 'add', 'House and garden']);
    await heph(['doc', 'new', "Jo's $5 `list`"]);
    await heph(['doc', 'new', 'On: this = that']);
    await heph(['doc', 'new', String.raw`C:\my\notes`]);
    const tags = ['--tag', 'errand', '--tag', 'from:office', '--key', 'git:17'];
    const filed = await heph(['task', 'Buy paint', ...tags, '--json']);
    // Of one task, as few characters as an id may have.
    id = filed.json<{ node_id: string }>().node_id.slice(-4);
    writeFileSync(`${daemon.folder}/mine, Jo's.db`, '');
  }, 60_000);
  afterAll(() => daemon[Symbol.asyncDispose]());

  describe.each(Object.entries(WAYS))('in %s', (_, way) => {
    let missing: string | undefined;
    beforeAll(async () => {
      missing = await missingProgram(way.program);
    }, 180_000);
    beforeEach((context) => context.skip(missing !== undefined, missing));

    test('a word that was begun is finished, and quoted as it must be', async () => {
      const withId = CASES.map((each) => each.map((text) => text.replaceAll('THE-ID', id)));
      const lines = withId.map(([line = '']) => line);
      const got = await typed(way, lines, daemon.folder, daemon.socket);
      expect(got).toEqual(withId.map(([, words]) => words));
    });

    test('without a daemon the words of the commands are there, and nothing fails', async () => {
      const folder = `${daemon.folder}/alone`;
      mkdirSync(folder, { recursive: true });
      const lines = ['heph sea\tx', 'heph show 7\t', 'heph task --project Ho\t'];
      expect(await typed(way, lines, folder, `${folder}/s`)).toEqual([
        '<search><x>',
        '<show><7>',
        '<task><--project><Ho>',
      ]);
    });
  });

  describe.each(builds)('what is asked for ($name)', (build) => {
    test.each([
      [['task'], () => `${id}\tBuy paint\n`],
      [['project', 'hou'], () => 'House and garden\t\n'],
      [['tag'], () => 'errand\t\nfrom:office\t\n'],
      [['project', 'x'], () => ''],
      [['nonsense'], () => ''],
    ])('complete-words %j', async (words, stdout) => {
      const ran = await hephOn(daemon.socket, build)(['complete-words', ...words]);
      expect(ran).toMatchObject({ code: 0, stdout: stdout(), stderr: '' });
    });

    test('nobody there is no failure, and nothing to offer', async () => {
      const ran = await hephOn(`${daemon.folder}/nobody`, build)(['complete-words', 'task']);
      expect(ran).toMatchObject({ code: 0, stdout: '', stderr: '' });
    });
  });
});
