import { dirname } from '#service/text.ts';
import { run, type ServiceWorld } from './service-world.ts';

/** Started, with nothing to be said against it. */
export const start = async (world: ServiceWorld) => void (await run('start', world));
export const stop = async (world: ServiceWorld) => void (await run('stop', world));

export async function put(world: ServiceWorld, text: string): Promise<void> {
  await world.ports.files.makeFolder(dirname(world.spec.unitPath), 0o755);
  await world.ports.files.write(world.spec.unitPath, text, 0o644);
}

/** What an older heph would have written: ours, and not what this one writes. */
export async function age(world: ServiceWorld): Promise<void> {
  const text = world.backend.render(world.spec);
  await put(world, text.replace('RestartSec=1', 'RestartSec=2').replace('>5<', '>7<'));
  if (world.backend.manager === 'systemd')
    await world.backend.perform({ do: 'reload', target: '' }, world.spec);
}

/** As a person would, by hand. */
export async function manager(world: ServiceWorld, ...args: string[]): Promise<void> {
  const isSystemd = world.backend.manager === 'systemd';
  const words = isSystemd ? ['--user', ...args] : args;
  const outcome = await world.ports.run(isSystemd ? 'systemctl' : 'launchctl', words, {
    limitMs: 30_000,
    env: { LC_ALL: 'C' },
  });
  if (outcome.kind !== 'exited' || outcome.code !== 0) {
    throw new Error(`cannot arrange that: ${args.join(' ')}: ${JSON.stringify(outcome)}`);
  }
}

export async function switchOff(world: ServiceWorld): Promise<void> {
  const { uid, name } = world.spec;
  if (world.backend.manager === 'systemd') await manager(world, 'disable', name);
  else await manager(world, 'disable', `gui/${uid}/${name}`);
}

/** Its process is made to end, and what follows it behaves otherwise. */
export async function turn(world: ServiceWorld, behaviour: string): Promise<void> {
  const { pid } = (await run('start', world)).status;
  await world.behave(behaviour);
  await world.signal(pid ?? 0, 'SIGKILL');
}

/** Until the next life is there, and says nothing: before, nobody is there at all. */
export async function silence(world: ServiceWorld): Promise<void> {
  while ((await world.ports.probe(world.spec.paths.socket)).kind !== 'silent') {
    await world.ports.sleep(50);
  }
}
