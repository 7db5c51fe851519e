import type { ArgumentSpec, CommandSpec, OptionSpec } from '#cli/command.ts';

const DRY_RUN: OptionSpec = {
  name: 'dry-run',
  summary: 'print what would be done, and do nothing',
};
const KEY: ArgumentSpec = {
  name: 'KEY',
  summary: 'its name, as heph config list prints it',
  completes: 'setting',
};
const config = () => import('#cli/commands/config.ts');
const service = () => import('#cli/commands/daemon.ts');

/** The daemon itself, its settings, and what is wrong with it. */
export const SERVICE_COMMANDS: readonly CommandSpec[] = [
  {
    path: ['daemon', 'start'],
    summary: 'Have the operating system run hephd, now and at every login',
    options: [DRY_RUN],
    examples: ['heph daemon start'],
    load: service,
  },
  {
    path: ['daemon', 'status'],
    summary: 'Say whether hephd is installed, enabled, running, healthy and current',
    details: 'Exit status: 0 all is well, 1 running but not healthy, 3 not running, 4 cannot tell.',
    examples: ['heph daemon status --json'],
    load: service,
  },
  {
    path: ['daemon', 'restart'],
    summary: 'Bring hephd up to date and start it anew; no request is lost',
    options: [DRY_RUN],
    examples: ['heph daemon restart'],
    load: service,
  },
  {
    path: ['daemon', 'stop'],
    summary: 'Stop hephd until the next login',
    options: [DRY_RUN],
    examples: ['heph daemon stop'],
    load: service,
  },
  {
    path: ['daemon', 'uninstall'],
    summary: 'Stop hephd and do not bring it back; the store stays',
    options: [DRY_RUN],
    examples: ['heph daemon uninstall'],
    load: service,
  },
  {
    path: ['daemon', 'logs'],
    summary: "Show the end of hephd's log",
    details:
      'Only reads files, older logs too where it takes them. No log yet is no error.\n-f goes on until Ctrl-C, which ends it by SIGINT (130 in a shell), or until a line comes that\nnobody reads any more (0).',
    options: [
      { name: 'lines', short: 'n', value: 'N', summary: 'how many of the last lines (20)' },
      { name: 'follow', short: 'f', summary: 'go on with what is appended' },
    ],
    examples: ['heph daemon logs -n 100', 'heph daemon logs -f'],
    load: () => import('#cli/commands/daemon-logs.ts'),
  },
  {
    path: ['config', 'list'],
    summary: 'List every setting, its value, and whether it is the default',
    examples: ['heph config list'],
    load: config,
  },
  {
    path: ['config', 'get'],
    summary: 'Print the value of a setting',
    args: [KEY],
    examples: ['heph config get log.level'],
    load: config,
  },
  {
    path: ['config', 'set'],
    summary: 'Set a setting, and leave the rest of the file as it is',
    details: 'hephd reads its settings when it starts, and this says when a restart is needed.',
    args: [
      KEY,
      { name: 'VALUE', summary: 'a word, a number, true or false, or a list with commas' },
    ],
    examples: ['heph config set log.level debug'],
    load: config,
  },
  {
    path: ['config', 'unset'],
    summary: 'Take a setting out of the file: the default holds again',
    args: [KEY],
    examples: ['heph config unset log.level'],
    load: config,
  },
  {
    path: ['update'],
    summary: 'Have hephd go over to the newest version',
    details:
      'Nothing is taken that no known key has signed, and nothing that does not run here, with a copy of\nthe store. A version that does not answer in time is given back, and the store with it.\nBy itself hephd does so where update.enabled is true. Exit status: 1 where it came to nothing.',
    options: [
      { name: 'check', summary: 'only say whether there is a newer one' },
      { name: 'rollback', summary: 'go back to the version before, if it can read the store' },
    ],
    examples: ['heph update --check', 'heph update', 'heph update --rollback'],
    load: () => import('#cli/commands/update.ts'),
  },
  {
    path: ['doctor'],
    summary: 'Look at all that can be wrong with heph, and say what mends it',
    details: 'Changes nothing. Exit status: 0 all is well, 1 something is not.',
    examples: ['heph doctor', 'heph doctor --json'],
    load: () => import('#cli/commands/doctor.ts'),
  },
];
