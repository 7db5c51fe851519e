import { expect, test } from 'vitest';
import { installedOn } from './installed.ts';

/** What another user of the machine may do with somebody's heph: nothing. */
const machine = await installedOn('trixie');

test('another user neither reads what is kept nor connects', async () => {
  const ada = await machine.settle('owner');
  const eve = await machine.settle('stranger');
  expect((await ada.sh('heph daemon start && heph task "Private"')).code).toBe(0);
  // As on a machine whose homes are open to look into.
  expect((await ada.sh('chmod 755 ~ ~/.local ~/.local/share')).code).toBe(0);
  const folder = `${ada.user.home}/.local/share/heph`;
  for (const path of [folder, `${folder}/heph.db`, `${folder}/hephd.log`, `${folder}/versions`]) {
    const looked = await eve.sh(`ls ${path} || cat ${path}`);
    expect(looked, path).toMatchObject({ code: 1, stdout: '' });
    expect(looked.stderr).toContain('Permission denied');
  }
  for (const command of ['next', 'task "Planted"', 'list']) {
    const asked = await eve.sh(`heph ${command}`, { HEPH_SOCKET: `${folder}/hephd.sock` });
    expect(asked, command).toMatchObject({ code: 1, stdout: '' });
    expect(asked.stderr).toMatch(/^cannot open .*hephd\.sock: it is not yours to open/);
  }
  const planted = await eve.sh(`ln -s /etc/passwd ${folder}/backups/x; ls -d ${folder}/backups/x`);
  expect(planted.code).not.toBe(0);
  expect(await ada.titles()).toEqual(['Private']);
});
