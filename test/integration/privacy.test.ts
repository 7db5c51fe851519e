import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startDaemon } from '../support/daemon.ts';
import { hephOn } from '../support/heph.ts';
import { Sandbox } from '../support/sandbox.ts';

const SECRET = 'correct-horse-battery';

test('what somebody writes is in the store, and in no log', async () => {
  await using sandbox = await Sandbox.make();
  const config = sandbox.at('config.toml');
  writeFileSync(config, 'log.level = "debug"\n');
  await using daemon = await startDaemon({ folder: sandbox.path, args: ['--config', config] });
  const heph = hephOn(daemon.socket);
  const { node_id: id } = (
    await heph(['task', `Title ${SECRET}`, '--context', '-', '--json'], { input: `${SECRET}\n` })
  ).json<{ node_id: string }>();
  await heph(['log', id, '-'], { input: SECRET });
  await heph(['search', SECRET]);
  await heph(['show', `${SECRET}-nobody`]);
  await heph(['context', id, '--append', '-'], { input: `more ${SECRET}` });
  await heph(['list', '--grep', `${SECRET}[`]);
  await daemon.kill('SIGTERM');
  const log = readFileSync(`${daemon.folder}/hephd.log`, 'utf8');
  expect(log).toContain('serving');
  expect(log).toMatch(/ debug answered method=task\.add outcome=ok ms=[\d.]+\n/);
  expect(log).toMatch(/ debug answered method=task\.show outcome=not_found ms=/);
  expect(log).not.toContain(SECRET);
});

test('whatever lies beside the store is for its owner alone, whatever the umask', async () => {
  const runner = ['/bin/sh', '-c', `umask 000; exec "${process.execPath}" "$0" "$@"`];
  await using daemon = await startDaemon({ runner });
  const heph = hephOn(daemon.socket);
  await heph(['task', 'x']);
  expect((await heph(['backup'])).code).toBe(0);
  const open = readdirSync(daemon.folder, { recursive: true, encoding: 'utf8' })
    .map((name) => ({ name, mode: statSync(`${daemon.folder}/${name}`).mode & 0o777 }))
    .filter(({ mode }) => (mode & 0o077) !== 0);
  expect(open).toEqual([]);
});
