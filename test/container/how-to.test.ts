import { beforeEach, expect, test } from 'vitest';
import { VERSION } from '#protocol/version.ts';
import { platform, root } from '../../scripts/support.ts';
import { runHowTo, type Shell } from '../docs/how-to.ts';
import { readPage } from '../docs/pages.ts';
import { Releases } from '../support/releases.ts';
import { missingEngine, Target } from '../support/target.ts';

/** Every command of these pages, on a machine without Node, as a user who has just logged in. */
const missing = await missingEngine();
beforeEach((context) => context.skip(missing !== undefined, missing));

const NAME = `heph-${VERSION}-${platform}`;
const ON_PATH = 'export PATH="$HOME/.local/bin:$PATH"';
/** What the pages after that about installing begin with. */
const INSTALL = `tar -xzf ${NAME}.tar.gz && ${NAME}/install.sh && echo '${ON_PATH}' >/tmp/how-to && ${ON_PATH}`;

async function machine() {
  const target = await Target.start('trixie');
  const { name, home } = target.user;
  await target.copyIn(`${root}/build/${NAME}.tar.gz`, `${home}/${NAME}.tar.gz`, { owner: name });
  // As Debian's own start-up files leave it where there is no ~/.local/bin yet.
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin' };
  const shell: Shell = async (script) => {
    const { code, stdout, stderr } = await target.exec(['bash', '-c', script], {
      env,
      timeoutMs: 90_000,
    });
    return { code, output: stdout + stderr };
  };
  return { target, home, shell, [Symbol.asyncDispose]: () => target[Symbol.asyncDispose]() };
}

test('install-heph.md does what it says', async () => {
  await using fresh = await machine();
  const page = await readPage('docs/how-to/install-heph.md');
  expect(await runHowTo(page, fresh.shell, '/tmp/how-to')).toBeGreaterThan(8);
});

test('run-the-daemon.md does what it says', async () => {
  await using fresh = await machine();
  expect(await fresh.shell(INSTALL)).toMatchObject({ code: 0 });
  const page = await readPage('docs/how-to/run-the-daemon.md');
  expect(await runHowTo(page, fresh.shell, '/tmp/how-to')).toBeGreaterThan(15);
});

test('upgrade.md does what it says, from one packaged artefact to the next and back', async () => {
  await using fresh = await machine();
  await using releases = await Releases.make();
  const { home, shell, target } = fresh;
  await target.copyIn(await releases.real(), '/srv/heph');
  await target.copyIn(releases.keyFile, `${home}/heph-makers.pub`);
  expect(await shell(`${INSTALL} && heph daemon start`)).toMatchObject({ code: 0 });
  const page = await readPage('docs/how-to/upgrade.md');
  expect(await runHowTo(page, shell, '/tmp/how-to')).toBeGreaterThan(8);
});
