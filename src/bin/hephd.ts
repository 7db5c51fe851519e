#!/usr/bin/env node
import { homedir } from 'node:os';
import { refuseOldNode } from '#bin/node-version.ts';
import { boundLogAtStart } from '#daemon/log-at-start.ts';

// Whatever this process makes is its user's alone.
process.umask(0o077);
const start = {
  argv: process.argv.slice(2),
  env: process.env,
  home: process.env['HOME'] || homedir(),
  cwd: process.cwd(),
};
const noLog = await boundLogAtStart(start);
if (noLog !== null) process.stderr.write(`${noLog}\n`);

refuseOldNode('hephd');
const { runDaemon } = await import('#daemon/main.ts');

process.title = 'hephd';
const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => stop.abort(signal));
}
process.exit(
  await runDaemon({
    ...start,
    pid: process.pid,
    program: {
      executable: process.execPath,
      script: import.meta.filename,
      platform: `${process.platform}-${process.arch}`,
    },
    stop: stop.signal,
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    isForeground: process.stderr.isTTY,
  }),
);
