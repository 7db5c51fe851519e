import type { Context } from '#cli/command.ts';
import { printReport } from '#cli/print/service.ts';
import { defaultPaths } from '#config/paths.ts';
import { VERSION } from '#protocol/version.ts';
import { CHECK_NAMES, type CheckName } from '#service/doctor.ts';
import { daemonCommand } from '#service/executable.ts';
import { MEANINGS, type Meaning } from '#service/launchd/launchctl.ts';
import { renderPlist } from '#service/launchd/plist.ts';
import { plan, type Verb } from '#service/plan.ts';
import { unitPathOf } from '#service/select.ts';
import {
  isManagerStep,
  SERVICE_NAMES,
  ServiceError,
  type ManagerName,
  type Observed,
  type ProbeAnswer,
  type ServiceSpec,
  type Step,
  type StepName,
} from '#service/service.ts';
import type { Status } from '#service/status.ts';
import { PROPERTIES } from '#service/systemd/show.ts';
import { renderUnit } from '#service/systemd/unit.ts';
import { code, fence, table, type Blocks } from './docs-markdown.ts';

const STEPS: Record<StepName, string> = {
  'make-folder':
    'make a folder with mode 0700, unless it is there; one that is there keeps its mode',
  'keep-copy':
    'keep the unit or plist that is there, which an older heph wrote or somebody changed, beside it as `.bak`',
  'write-unit': 'write the unit or plist: all of it or nothing, mode 0644',
  'remove-unit': 'remove the unit or plist',
  reload: 'have systemd read its units again',
  enable: 'have the manager start it at every login',
  disable: 'undo `enable`',
  'reset-failures': 'have systemd forget failed starts',
  'announce-hand-over': 'write the hand-over file: clients wait for the next daemon',
  'withdraw-hand-over': 'remove the hand-over file: clients no longer wait',
  start: 'have the manager start hephd',
  restart: 'have the manager end hephd and start it anew',
  stop: 'have the manager end hephd',
  'await-answer': 'wait until the process of the manager answers on the socket',
  'await-gone': 'wait until the process has gone; remove a socket it left behind',
};

const FIELDS: Record<keyof Status, [string, string]> = {
  manager: [
    '`"systemd"`, `"launchd"` or null',
    'who keeps hephd running; null when none could be asked',
  ],
  installed: ['boolean', 'the unit or plist is there'],
  enabled: ['boolean', 'it comes at login'],
  running: ['boolean', 'the manager has a live process for it'],
  healthy: ['boolean', 'that process answers on the socket'],
  current: [
    'boolean',
    'the file is what this heph would write, and what runs is of this version; while nothing runs, it speaks of the file alone',
  ],
  pid: ['integer or null', "the manager's process"],
  restarts: [
    'integer or null',
    'how often the manager has brought it back by itself; null when that cannot be told',
  ],
  uptime_s: ['number or null', 'seconds since the process began to answer'],
  last_exit: [
    'object or null',
    'how the process before ended: `code` or `signal`, the other null; null while one runs',
  ],
  version: [
    'object',
    '`running`: what the daemon says of itself, or null; `installed`: the version of the program the unit names',
  ],
  unit: ['path', 'the unit or plist'],
  executable: ['path', 'the hephd that the unit runs'],
  socket: ['path', 'where hephd answers'],
  db: ['path', 'the store'],
  log: ['path', 'the log'],
  linger: [
    'boolean or null',
    'whether it runs on after your last logout; null when that cannot be told, and on macOS',
  ],
  update: [
    'object',
    '`policy` (`"on"`, `"off"`: what hephd goes by, or went by when it last ran), `last_check` (ISO 8601 in UTC, or null), `last_result` (words or null), `pending` (the version that is being gone over to, or null)',
  ],
  hints: ['array of strings', 'what is wrong and what mends it, in words; empty when all is well'],
};

const nothing: Observed = {
  file: { kind: 'absent' },
  loaded: false,
  enabled: false,
  obstacle: null,
  complaint: null,
  source: null,
  overriddenBy: null,
  isStale: false,
  activity: { state: 'stopped' },
  restarts: null,
  lastExit: null,
  dropIns: [],
};
const ours = (isCurrent: boolean) =>
  ({ kind: 'ours', text: '', isCurrent, executable: null }) as const;
const stopped: Observed = { ...nothing, file: ours(true), loaded: true, enabled: true };
const running: Observed = { ...stopped, activity: { state: 'running', pid: 1 } };
const answers: ProbeAnswer = { kind: 'answers', pid: 1, version: VERSION, startedAtMs: 0 };
const nobody: ProbeAnswer = { kind: 'nobody' };

/** What a verb may find; the plan for each is made by the code itself. */
const FOUND: readonly [string, Observed, ProbeAnswer, isHeldBack?: true][] = [
  ['nothing installed', nothing, nobody],
  ['installed, stopped', stopped, nobody],
  ['running, answering', running, answers],
  ['running, unit out of date', { ...running, file: ours(false) }, answers],
  ['running, silent', running, { kind: 'silent' }],
  ['waiting before it fails again (macOS)', running, nobody, true],
  ['failed for good', { ...stopped, activity: { state: 'failed' } }, nobody],
  [
    'a unit that heph did not write',
    { ...nothing, file: { kind: 'foreign', what: 'foreign', hint: '' } },
    nobody,
  ],
  ['a hephd that no manager runs', nothing, answers],
];
const CHECKS: Record<CheckName, string> = {
  manager: 'whether the service manager answers',
  unit: "whether the unit or plist is there, is heph's own, is what this heph would write, and is the one the manager read",
  'drop-ins': 'files of yours that change the service, and whether one has it run another program',
  login: 'whether it comes at login',
  process: 'whether the manager runs it, and whether somebody else does',
  socket: 'whether hephd answers, or what lies in its place',
  version: 'whether the running hephd is the installed one',
  executable: 'whether the program is still there, and in a place that lasts',
  settings: 'whether hephd can use `config.toml`; hephd itself is asked (`hephd --check-config`)',
  store: 'whether the store is sound; hephd itself is asked',
  permissions: 'whether folder, store, log, settings and unit are your own, and closed to others',
  disk: 'whether 100 MiB are free for the store',
  linger: 'whether it runs on after your last logout',
  duplicate: 'whether the whole machine has a service of the same name',
  variables: 'whether variables point commands elsewhere',
};

const VERBS: readonly Verb[] = ['start', 'restart', 'stop', 'uninstall'];

export const serviceBlocks: Blocks = {
  'service-names': () =>
    table(
      ['', 'Linux', 'macOS'],
      [
        ['manager', 'systemd, the one of your user', 'launchd'],
        ['name', code(SERVICE_NAMES.systemd), code(SERVICE_NAMES.launchd)],
        ['file', code(unitPathOf('systemd', '~')), code(unitPathOf('launchd', '~'))],
      ],
    ),
  'service-steps': () => {
    const names = Object.keys(STEPS) as StepName[];
    return table(
      ['`do`', 'what it is', 'with `--dry-run`'],
      names.map((name) => [code(name), STEPS[name], code(wouldDo(name))]),
    );
  },
  'service-plans': () => VERBS.map(plansOf).join('\n\n'),
  'service-checks': () =>
    table(
      ['`check`', 'what is looked at'],
      CHECK_NAMES.map((name) => [code(name), CHECKS[name]]),
    ),
  'service-status': () => {
    const names = Object.keys(FIELDS) as (keyof Status)[];
    return table(
      ['field', 'type', 'meaning'],
      names.map((name) => [code(name), ...FIELDS[name]]),
    );
  },
  'service-unit': () => fence('ini', renderUnit(specFor('systemd', '/home/ada'))),
  'service-unit-quoted': () =>
    fence('ini', execLine(renderUnit(specFor('systemd', "/home/ada's")))),
  'launchctl-codes': () =>
    table(
      ['number', 'to heph'],
      Object.entries(MEANINGS).map(([number, meaning]) => [number, MEANING_WORDS[meaning]]),
    ),
  'systemctl-properties': () => PROPERTIES.map((name) => code(name)).join(', '),
  'service-plist': () => fence('xml', renderPlist(specFor('launchd', '/Users/ada'))),
};

const MEANING_WORDS: Record<Meaning, string> = {
  ok: 'done',
  'no-session': 'nobody is logged in at the screen',
  'not-loaded': 'not loaded',
  'in-progress': 'coming or going, or there already',
  'bad-file': 'the plist, its owner or its mode',
  disabled: 'switched off at login',
  failed: 'failed',
};

function specFor(manager: ManagerName, home: string): ServiceSpec {
  const paths = defaultPaths(home);
  const program = daemonCommand(
    { executable: `${paths.dataDir}/current/bin/heph`, script: null },
    `${paths.dataDir}/launcher/hephd`,
  );
  return {
    name: SERVICE_NAMES[manager],
    home,
    uid: 1000,
    unitPath: unitPathOf(manager, home),
    program,
    paths,
    version: VERSION,
  };
}

function plansOf(verb: Verb): string {
  const rows = FOUND.map(([what, ...found]) => [what, planOf(verb, ...found)]);
  return [`### ${code(`heph daemon ${verb}`)}`, table(['found', 'steps'], rows)].join('\n\n');
}

function planOf(verb: Verb, observed: Observed, probe: ProbeAnswer, isHeldBack = false): string {
  try {
    const steps = plan(verb, {
      spec: specFor('systemd', '/home/ada'),
      wanted: '',
      observed,
      probe,
      isHeldBack,
    });
    return steps.length === 0
      ? 'nothing to do'
      : [...new Set(steps.map((step) => code(step.do)))].join(', ');
  } catch (error) {
    if (error instanceof ServiceError && error.kind === 'refused') return 'refused';
    throw error;
  }
}

/** The words of a dry run, from the printer itself. */
function wouldDo(name: StepName): string {
  let said = '';
  const step = {
    do: name,
    target: isManagerStep({ do: name, target: '' } as Step) ? SERVICE_NAMES.systemd : '...',
  } as Step;
  const status = {} as Status;
  const report = { verb: 'start', changed: true, steps: [step], left: [], status } as const;
  printReport(
    { isJson: false, print: (text: string) => void (said += text) } as Context,
    { ...report, steps: [...report.steps], left: [] },
    { isDryRun: true },
  );
  return said.trim();
}

function execLine(unit: string): string {
  return unit.split('\n').find((line) => line.startsWith('ExecStart=')) ?? '';
}
