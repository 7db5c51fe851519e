import { execa } from 'execa';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { COMMANDS } from '#cli/table.ts';
import { manPages } from '../../scripts/man.ts';
import { missingProgram } from '../support/shells.ts';

const pages = manPages({ version: '1.2.3', date: '2026-11-24' });

test('there is a page for heph, one for each first word of a command, one for hephd', () => {
  const words = new Set(COMMANDS.map(({ path }) => `heph-${path[0]}.1`));
  expect([...pages.keys()]).toEqual(['heph.1', ...words, 'hephd.1']);
});

describe('as a formatter reads them', () => {
  let missing: string | undefined;
  beforeAll(async () => {
    missing = await missingProgram('mandoc');
  }, 180_000);
  beforeEach((context) => context.skip(missing !== undefined, missing));

  test.each([...pages])('%s has nothing to warn of', async (_, text) => {
    const { stdout } = await execa('mandoc', ['-T', 'lint', '-W', 'warning'], {
      input: text,
      reject: false,
    });
    expect(stdout).toBe('');
  });

  const shown = async (name: string) => {
    const { stdout } = await execa('mandoc', ['-T', 'ascii', '-O', 'width=78'], {
      input: pages.get(name) ?? '',
    });
    // As a pager would: bold is a letter over itself.
    return stdout.replaceAll(/.\u0008/g, '');
  };

  test('a page says what the help says', async () => {
    const text = await shown('heph-task.1');
    expect(text).toContain('heph-task - File a task');
    expect(text).toContain('heph task TITLE [options]');
    expect(text).toContain('--context TEXT|-');
    expect(text).toContain('git log -1 | heph task "Review this" --context -');
  });

  test('a group of commands has one page', async () => {
    const text = await shown('heph-project.1');
    expect(text).toContain('heph project rename ID NEW [options]');
    expect(text).toContain('heph project archive Home --undo');
  });

  test("the daemon's page has its options", async () => {
    expect(await shown('hephd.1')).toMatch(
      /--check-config\n +Say whether the settings can be used/,
    );
  });
});
