/**
 * The part of `dockerd.ts` that runs inside the new mount namespace: prepares it, leaves dockerd
 * behind in it and prints its pid. Nothing mounted here is seen by the machine.
 *
 *     unshare -m node engine-namespace.ts LOG PROGRAM ARGUMENT…
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { output } from './run.ts';

const unified = '/sys/fs/cgroup/unified';
const [log, program, ...args] = process.argv.slice(2);
if (log === undefined || program === undefined) throw new Error('usage: LOG PROGRAM ARGUMENT…');

await output('mount', ['--make-rprivate', '/']);
// systemd in a container wants cgroup v2 and nothing else; machines that still have v1 keep the
// unified hierarchy beside it, and a container is shown whatever the engine finds at this place.
const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n');
if (mounts.some((line) => line.split(' ')[1] === unified && line.split(' ')[2] === 'cgroup2')) {
  await output('mount', ['--bind', unified, '/sys/fs/cgroup']);
}

const sink = openSync(log, 'w', 0o640);
const engine = spawn(program, args, { detached: true, cwd: '/', stdio: ['ignore', sink, sink] });
await once(engine, 'spawn');
engine.unref();
process.stdout.write(`${engine.pid}\n`);
