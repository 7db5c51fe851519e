import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { greetingOf } from '#client/probe.ts';
import { socketDialer } from '#client/socket';
import { defaultPaths } from '#config/paths.ts';
import { files } from '#node/files.ts';
import { processes } from '#node/processes.ts';
import { runCommand } from '#node/run-command.ts';
import { VERSION } from '#protocol/version.ts';
import { backendOf } from '#service/select.ts';
import type { ManagerName, ProbeAnswer, ServicePorts } from '#service/service.ts';
import { serviceSuite } from '../contract/service.ts';
import type { ServiceWorld } from '../contract/service-world.ts';

/**
 * The contract of the service backend on the very machine that the tests run
 * on: for machines that nobody minds, such as those of a CI. Each test has a
 * service of its own name, and its files in a temporary home.
 */
const manager: ManagerName = process.platform === 'darwin' ? 'launchd' : 'systemd';

const ports: ServicePorts = {
  run: runCommand,
  files,
  env: process.env,
  ...processes,
  nowMs: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  probe: async (socket): Promise<ProbeAnswer> => {
    const greeting = await greetingOf(socketDialer(socket), socket);
    if (greeting.kind !== 'answers') return greeting;
    const { pid, version, started_at: startedAtMs } = greeting.hello;
    return { kind: 'answers', pid, version, startedAtMs };
  },
};

async function open(): Promise<ServiceWorld> {
  // What launchd prints of a path has no links in it.
  const home = await mkdtemp(`${await realpath(tmpdir())}/heph-`);
  const tag = randomBytes(4).toString('hex');
  const uid = process.geteuid?.() ?? 0;
  const daemon = `${home}/hephd`;
  await copyFile('fixtures/daemons/hephd', daemon);
  const place =
    manager === 'systemd'
      ? { name: `heph-test-${tag}.service`, folder: `${homedir()}/.config/systemd/user` }
      : { name: `org.hephaestus.hephd.test.${tag}`, folder: `${home}/Library/LaunchAgents` };
  const unitPath = `${place.folder}/${place.name}${manager === 'systemd' ? '' : '.plist'}`;
  const clean: string[][] =
    manager === 'systemd'
      ? [
          ['systemctl', '--user', 'stop', place.name],
          ['systemctl', '--user', 'disable', place.name],
          [
            'rm',
            '-rf',
            unitPath,
            `${unitPath}.bak`,
            `${place.folder}/default.target.wants/${place.name}`,
          ],
          ['systemctl', '--user', 'daemon-reload'],
          ['systemctl', '--user', 'reset-failed', place.name],
        ]
      : [
          ['launchctl', 'bootout', `gui/${uid}/${place.name}`],
          ['launchctl', 'bootout', `user/${uid}/${place.name}`],
          ['launchctl', 'enable', `gui/${uid}/${place.name}`],
        ];
  return {
    spec: {
      name: place.name,
      home,
      uid,
      unitPath,
      program: [daemon, '--mode', 'local', '--home', home],
      paths: defaultPaths(home),
      version: VERSION,
    },
    ports,
    backend: backendOf(manager, ports),
    signal: async (pid, signal) => void process.kill(pid, signal),
    behave: (behaviour) => writeFile(`${home}/behaviour`, behaviour),
    [Symbol.asyncDispose]: async () => {
      for (const [program = '', ...args] of clean)
        await runCommand(program, args, { limitMs: 60_000 });
      await rm(home, { recursive: true, force: true });
    },
  };
}

serviceSuite(`this machine's ${manager}`, manager, open);
