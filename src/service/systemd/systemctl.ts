import {
  ServiceError,
  type CommandOutcome,
  type ServicePorts,
  type ServiceSpec,
} from '#service/service.ts';

/** A stop may take as long as the unit allows; everything else is quick, or something is wrong. */
const QUICK_MS = 5000;
/** Reading every unit anew, and starting what hangs on it, takes a busy machine longer. */
const RELOAD_MS = 20_000;
const JOB_MS = 60_000;
const LIMITS_MS: Readonly<Record<string, number>> = {
  start: JOB_MS,
  stop: JOB_MS,
  restart: JOB_MS,
  'daemon-reload': RELOAD_MS,
  enable: RELOAD_MS,
  disable: RELOAD_MS,
};

export interface Systemctl {
  /** @throws {ServiceError} `unreachable`, or `failed` with what systemctl said. */
  run(verb: string, ...args: string[]): Promise<string>;
  /** As {@link run}; that nothing was there to do it to is no failure. */
  runIfLoaded(verb: string, ...args: string[]): Promise<void>;
  /** Where the manager of the whole machine has a unit of this name; null when it has none, or cannot be asked. */
  systemWide(unit: string): Promise<string | null>;
  /** Null when it cannot be told, whatever the reason. */
  linger(): Promise<boolean | null>;
}

/** `systemctl --user`, with the environment it needs where ssh, cron or su left it out. */
export async function openSystemctl(ports: ServicePorts, spec: ServiceSpec): Promise<Systemctl> {
  const env = await managerEnv(ports, spec);
  const call = async (verb: string, args: string[]): Promise<CommandOutcome> => {
    const argv = ['--user', '--no-pager', '--no-ask-password', verb, ...args];
    return ports.run('systemctl', argv, { limitMs: LIMITS_MS[verb] ?? QUICK_MS, env });
  };
  return {
    run: async (verb, ...args) => succeed(verb, await call(verb, args)),
    runIfLoaded: async (verb, ...args) => {
      const outcome = await call(verb, args);
      if (outcome.kind === 'exited' && isNotThere(outcome.stderr)) return;
      succeed(verb, outcome);
    },
    systemWide: async (unit) => {
      const args = ['--system', '--no-pager', 'show', '-p', 'FragmentPath', unit];
      const outcome = await ports.run('systemctl', args, { limitMs: QUICK_MS, env });
      if (outcome.kind !== 'exited' || outcome.code !== 0) return null;
      return /^FragmentPath=(.+)$/m.exec(outcome.stdout)?.[1] ?? null;
    },
    linger: async () => {
      const args = ['show-user', String(spec.uid), '-p', 'Linger'];
      const outcome = await ports.run('loginctl', args, { limitMs: QUICK_MS, env });
      if (outcome.kind !== 'exited') return null;
      if (/not logged in or lingering/.test(outcome.stderr)) return false;
      const said = /^Linger=(yes|no)$/m.exec(outcome.stdout)?.[1];
      return said === undefined ? null : said === 'yes';
    },
  };
}

async function managerEnv(ports: ServicePorts, spec: ServiceSpec) {
  const plain = { LC_ALL: 'C', SYSTEMD_COLORS: '0', SYSTEMD_PAGER: '' };
  if (ports.env['XDG_RUNTIME_DIR']) return plain;
  const runtimeDir = `/run/user/${spec.uid}`;
  const stat = await ports.files.stat(runtimeDir);
  const isMine = stat?.type === 'folder' && stat.uid === spec.uid;
  return isMine ? { ...plain, XDG_RUNTIME_DIR: runtimeDir } : plain;
}

function succeed(verb: string, outcome: CommandOutcome): string {
  const foreground = 'to run it without a service manager: hephd';
  if (outcome.kind === 'missing') {
    throw new ServiceError(
      'unreachable',
      'cannot manage hephd: this system has no systemctl',
      foreground,
    );
  }
  if (outcome.kind === 'timeout') {
    const message = `cannot get an answer from systemd: systemctl ${verb} took over ${outcome.limitMs / 1000} s`;
    throw new ServiceError('unreachable', message, 'see: systemctl --user status heph.service');
  }
  if (outcome.code === 0) return outcome.stdout;
  const said = outcome.stderr.trim();
  if (/not been booted with systemd/.test(said)) {
    throw new ServiceError(
      'unreachable',
      'cannot manage hephd: this system does not run systemd',
      foreground,
    );
  }
  if (/^Failed to connect to (user scope )?bus/m.test(said)) {
    const hint = `log in on the machine itself or by ssh, or try: loginctl enable-linger; ${foreground}`;
    throw new ServiceError('unreachable', `cannot reach your systemd user manager: ${said}`, hint);
  }
  throw new ServiceError(
    'failed',
    `cannot ${verb} heph.service: ${said || `systemctl ended with ${outcome.code}`}`,
    'see: systemctl --user status heph.service',
  );
}

function isNotThere(said: string): boolean {
  return /not loaded|does not exist|not found/.test(said);
}
