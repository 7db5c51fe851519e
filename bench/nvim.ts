/**
 * What heph.nvim costs with 100,000 tasks, in each Neovim that it is tested in: medians, and what is
 * measured against what. `npm run package` comes first.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { root, say } from '../scripts/support.ts';
import { installFor, unpackArtefact } from '../test/support/artefact.ts';
import { Target } from '../test/support/target.ts';
import { makeStore } from './stores.ts';

const TASKS = 100_000;

interface Figures {
  version: string;
  startup_ms: number;
  ask_ms: number;
  show_ms: number;
  typing_plain_ms: number;
  typing_heph_ms: number;
}

const folder = await mkdtemp(`${tmpdir()}/heph-bench-nvim-`);
try {
  await makeStore(`${folder}/heph.db`, TASKS);
  for (const name of ['trixie', 'forky']) {
    say(`measuring on ${name}`);
    const figures = await measure(name);
    process.stdout.write(`${report(figures).join('\n')}\n\n`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measure(name: string): Promise<Figures> {
  await using target = await Target.start(name, {
    binds: [{ source: root, target: '/src', mode: 'ro' }],
  });
  await unpackArtefact(target);
  const { sh, user } = await installFor(target, 'bench');
  const store = `${user.home}/.local/share/heph/heph.db`;
  await target.copyIn(`${folder}/heph.db`, store, { owner: user.name, mode: 0o600 });
  const { code, stdout, stderr } = await sh(
    'heph daemon start >/dev/null && nvim -l /src/bench/nvim.lua 2>/dev/null',
  );
  const line = stdout.split('\n').find((each) => each.startsWith('{'));
  if (code !== 0 || line === undefined) throw new Error(stdout + stderr);
  return JSON.parse(line) as Figures;
}

function report(of: Figures): string[] {
  const ms = (value: number) => `${value.toFixed(2)} ms`;
  return [
    `Neovim ${of.version}, ${TASKS} tasks`,
    `loading the plugin            ${ms(of.startup_ms)}`,
    `task.next, asked alone        ${ms(of.ask_ms)}`,
    `:Heph next, asked and shown   ${ms(of.show_ms)}, ${ms(of.show_ms - of.ask_ms)} more`,
    `a letter in a plain 5 MB text ${ms(of.typing_plain_ms)}`,
    `the same in a text of heph    ${ms(of.typing_heph_ms)}`,
  ];
}
