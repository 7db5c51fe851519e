import { execa } from 'execa';
import { expect, test } from 'vitest';
import { startDaemon } from '../support/daemon.ts';
import { builds, hephOn } from '../support/heph.ts';

test.each(builds)(
  'a terminal that knows no width has lines all the same ($name)',
  async (build) => {
    await using daemon = await startDaemon();
    await hephOn(daemon.socket, build)(['task', 'Ring Jo', '--tag', 'phone']);
    const onSerialLine = async (...args: string[]) => {
      const words = [...build.command, ...args].map((word) => `'${word}'`).join(' ');
      const { stdout } = await execa(
        'script',
        ['-qec', `stty cols 0; exec ${words}`, '/dev/null'],
        { env: { HEPH_SOCKET: daemon.socket, HOME: daemon.folder } },
      );
      return stdout;
    };
    expect(await onSerialLine('list')).toMatch(/Ring Jo.*#phone/);
    expect(await onSerialLine('search', 'jo')).toContain('Ring Jo');
  },
);
