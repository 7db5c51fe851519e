import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { CHECK_NAMES, type CheckName, type Finding } from '#service/doctor.ts';
import { installed, openMachine, type Machine } from '../support/machine.ts';

const [program, ...words] = installed;

/** What a person, a crash or another program does to a machine where all was well. */
interface Harm {
  check: CheckName;
  what: string;
  state: Finding['state'];
  says: RegExp;
  mend: RegExp;
  /** Where nothing runs yet. */
  isBare?: true;
  env?: Record<string, string>;
  harm(machine: Machine): Promise<unknown>;
}

const data = (machine: Machine, name = '') => `${machine.home}/.local/share/heph${name}`;
const unit = (machine: Machine) => `${machine.home}/.config/systemd/user/heph.service`;
const dropIn = (machine: Machine) => `${unit(machine)}.d`;

async function append(path: string, text: string): Promise<void> {
  await writeFile(path, `${await readFile(path, 'utf8')}${text}`);
}

const HARMS: Harm[] = [
  {
    check: 'manager',
    what: 'no way to the manager (B1)',
    state: 'bad',
    says: /cannot reach your systemd user manager: .*No medium found/,
    mend: /loginctl enable-linger/,
    harm: ({ manager }) => manager.setKnobs({ noBus: 'no-medium' }),
  },
  {
    check: 'unit',
    what: 'nothing installed',
    state: 'bad',
    says: /not installed/,
    mend: /^heph daemon start$/,
    isBare: true,
    harm: async () => undefined,
  },
  {
    check: 'unit',
    what: 'a unit changed by hand (C3)',
    state: 'bad',
    says: /not what this heph would write/,
    mend: /^heph daemon restart$/,
    harm: (machine) => append(unit(machine), '# mine\n'),
  },
  {
    check: 'unit',
    what: 'a unit of somebody else',
    state: 'bad',
    says: /a file that heph did not write/,
    mend: /move it away/,
    harm: (machine) => writeFile(unit(machine), '[Service]\nExecStart=/bin/true\n'),
  },
  {
    check: 'drop-ins',
    what: 'a drop-in that runs another program (C3)',
    state: 'bad',
    says: /has it run \/bin\/sleep, which heph did not write/,
    mend: /ExecStart/,
    harm: async (machine) => {
      await mkdir(dropIn(machine), { recursive: true });
      const text = '[Service]\nExecStart=\nExecStart=/bin/sleep infinity\n';
      await writeFile(`${dropIn(machine)}/mine.conf`, text);
      await systemctl(machine, 'daemon-reload');
    },
  },
  {
    check: 'login',
    what: 'disabled',
    state: 'bad',
    says: /does not come at login/,
    mend: /^heph daemon start$/,
    harm: (machine) => systemctl(machine, 'disable', 'heph.service'),
  },
  {
    check: 'process',
    what: 'stopped',
    state: 'bad',
    says: /not running/,
    mend: /^heph daemon start$/,
    harm: (machine) => machine.heph(['daemon', 'stop']),
  },
  {
    check: 'process',
    what: 'a foreign daemon on the socket (E4)',
    state: 'bad',
    says: /another hephd, pid \d+, which no service manager runs/,
    mend: /^kill \d+, then heph daemon start$/,
    isBare: true,
    harm: async (machine) => {
      const [daemon = '', ...rest] = byHand();
      const child = execa(daemon, rest, { env: { HOME: machine.home }, reject: false });
      machine.manager[Symbol.asyncDispose] = after(machine.manager[Symbol.asyncDispose], () =>
        child.kill(),
      );
      await expect.poll(async () => (await machine.heph(['next'])).code).toBe(0);
    },
  },
  {
    check: 'socket',
    what: 'a regular file in its place (E1)',
    state: 'bad',
    says: /hephd\.sock is no socket/,
    mend: /^move it away/,
    harm: async (machine) => {
      await machine.heph(['daemon', 'stop']);
      await writeFile(data(machine, '/hephd.sock'), 'precious');
    },
  },
  {
    check: 'socket',
    what: 'left by a kill (E1)',
    state: 'bad',
    says: /was left by a daemon that was killed/,
    mend: /^heph daemon start$/,
    isBare: true,
    harm: async (machine) => {
      await mkdir(data(machine), { recursive: true, mode: 0o700 });
      const path = data(machine, '/hephd.sock');
      const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
      await execa(process.execPath, ['-e', script], { reject: false });
    },
  },
  {
    check: 'socket',
    what: 'somebody who says nothing',
    state: 'bad',
    says: /listens on .* and says nothing/,
    mend: /^heph daemon restart$/,
    isBare: true,
    harm: async (machine) => {
      await mkdir(data(machine), { recursive: true, mode: 0o700 });
      const server = createServer(() => undefined).listen(data(machine, '/hephd.sock'));
      machine.manager[Symbol.asyncDispose] = after(machine.manager[Symbol.asyncDispose], () =>
        server.close(),
      );
    },
  },
  {
    check: 'settings',
    what: 'a setting that cannot be used',
    state: 'bad',
    says: /config\.toml/,
    mend: /^heph config list$/,
    harm: async (machine) => {
      await mkdir(`${machine.home}/.config/heph`, { recursive: true });
      await writeFile(`${machine.home}/.config/heph/config.toml`, 'nonsense = 1\n');
    },
  },
  {
    check: 'permissions',
    what: 'a folder open to others',
    state: 'bad',
    says: /\.local\/share\/heph is open to others/,
    mend: /^chmod 0700 /,
    harm: (machine) => chmod(data(machine), 0o755),
  },
  {
    check: 'permissions',
    what: 'a store open to others',
    state: 'bad',
    says: /heph\.db is open to others/,
    mend: /^chmod 0600 /,
    harm: (machine) => chmod(data(machine, '/heph.db'), 0o644),
  },
  {
    check: 'linger',
    what: 'a last logout that ends it (B5)',
    state: 'note',
    says: /ends with your last logout/,
    mend: /loginctl enable-linger/,
    harm: ({ manager }) => manager.setKnobs({ linger: 'no' }),
  },
  {
    check: 'duplicate',
    what: 'a service of the machine of the same name (B6)',
    state: 'note',
    says: /\/etc\/systemd\/system\/heph\.service/,
    mend: /remove one of the two/,
    harm: ({ manager }) => manager.setKnobs({ systemUnitDuplicate: true }),
  },
  {
    check: 'variables',
    what: 'a variable that points elsewhere',
    state: 'note',
    says: /HEPH_DB point/,
    mend: /^unset HEPH_DB$/,
    env: { HEPH_DB: '/elsewhere/heph.db' },
    harm: async () => undefined,
  },
];

describe('doctor', () => {
  test('has nothing to say where all is well', async () => {
    await using machine = await openWell();
    const findings = await doctor(machine);
    expect(findings.filter(({ state }) => state !== 'good')).toEqual([]);
    expect([...new Set(findings.map(({ check }) => check))]).toEqual(CHECK_NAMES);
    const { code, stdout } = await machine.heph(['doctor']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/all is well\n?$/);
  });

  test.each(HARMS)('$check: $what', async (each) => {
    const { isBare, check, state, says, mend, env } = each;
    await using machine = isBare ? await openMachine('systemd') : await openWell();
    await each.harm(machine);
    const found = (await doctor(machine, env)).filter((finding) => finding.check === check);
    expect(found).toContainEqual({
      check,
      state,
      says: expect.stringMatching(says),
      mend: expect.stringMatching(mend),
    });
    const { code } = await machine.heph(['doctor'], env);
    if (state === 'bad') expect(code).toBe(1);
  });
});

async function openWell(): Promise<Machine> {
  const machine = await openMachine('systemd');
  await machine.manager.setKnobs({ linger: 'yes' });
  const { code, stderr } = await machine.heph(['daemon', 'start']);
  if (code !== 0) throw new Error(stderr);
  return machine;
}

async function doctor(machine: Machine, env: Record<string, string> = {}): Promise<Finding[]> {
  const { stdout } = await machine.heph(['doctor', '--json'], env);
  return (JSON.parse(stdout) as { findings: Finding[] }).findings;
}

async function systemctl({ manager, home }: Machine, ...args: string[]): Promise<void> {
  await execa('systemctl', ['--user', ...args], { env: { ...manager.env, HOME: home } });
}

/** The daemon's own command line, run by nobody but us. */
function byHand(): string[] {
  return [program, ...words].map((word) => word.replace(/heph(\.ts)?$/, 'hephd$1'));
}

function after(first: () => PromiseLike<void>, then: () => unknown): () => Promise<void> {
  return async () => {
    then();
    await first();
  };
}
