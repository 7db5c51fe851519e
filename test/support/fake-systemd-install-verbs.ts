import { join } from 'node:path';
import { refusal, success, together, type Answer } from './fake-program.ts';
import {
  disable,
  enable,
  fileState,
  mask,
  type InstallOutcome,
  type LinkChange,
} from './fake-systemd-install.ts';
import type { Glyphs } from './fake-systemd-print.ts';
import type { Request, Verb } from './fake-systemd-request.ts';
import { runJob } from './fake-systemd-run-job.ts';

/** The verbs that are work on files, and then news for the manager. */
export const FILE_VERBS: Readonly<Record<string, Verb>> = {
  enable: (request) => install(request, 'enable'),
  disable: (request) => install(request, 'disable'),
  mask: (request) => maskAll(request),
  'is-enabled': (request) => isEnabled(request),
};

async function install(request: Request, verb: 'enable' | 'disable'): Promise<Answer> {
  const { manager, units, args } = request;
  if (units.length === 0) return refusal(1, 'Too few arguments.');
  const work = verb === 'enable' ? enable : disable;
  const outcomes = units.map((name) => ({ name, outcome: work(manager.place, name) }));
  const answer = together(
    outcomes.map(({ name, outcome }) => installAnswer(request, verb, name, outcome)),
  );
  if (answer.code !== 0) return answer;
  if (request.offline === null) manager.reload();
  if (!args.has('now')) return answer;
  if (request.offline !== null) return together([answer, request.offline]);
  const job = verb === 'enable' ? 'start' : 'stop';
  const jobs = await Promise.all(units.map((name) => runJob(request, name, job)));
  return together([answer, ...jobs]);
}

function installAnswer(
  { manager, args, glyphs, offline }: Request,
  verb: 'enable' | 'disable',
  name: string,
  outcome: InstallOutcome,
): Answer {
  const isNew = manager.version >= 256;
  if (outcome.kind === 'absent') {
    // Without a manager, there being nothing to disable is no failure.
    const code = offline !== null && verb === 'disable' ? 0 : 1;
    return refusal(code, `Failed to ${verb} unit${absentText(name, isNew, offline !== null)}`);
  }
  if (outcome.kind === 'masked') {
    if (verb === 'disable') return refusal(0, `Unit ${outcome.path} is masked, ignoring.`);
    const what = isNew ? `Unit ${outcome.path} is masked` : `Unit file ${outcome.path} is masked.`;
    return refusal(1, `Failed to enable unit: ${what}`);
  }
  if (args.has('quiet')) return success();
  const lines = outcome.changes.map((change) => changeText(change, isNew, glyphs));
  const path = join(manager.place.folder, name);
  for (const target of outcome.strangers) {
    lines.push(`Unit ${path} is added as a dependency to a non-existent unit ${target}.`);
  }
  if (!outcome.hasInstallSection) lines.push(NO_INSTALL_SECTION);
  return { code: 0, stdout: '', stderr: lines.map((line) => `${line}\n`).join('') };
}

function absentText(name: string, isNew: boolean, isOffline: boolean): string {
  if (isNew) return `: Unit ${name} does not exist`;
  return isOffline ? `, unit ${name} does not exist.` : `: Unit file ${name} does not exist.`;
}

const NO_INSTALL_SECTION =
  'The unit files have no installation config (WantedBy=, RequiredBy=, Also=,\nAlias= settings in the [Install] section, and DefaultInstance= for template\nunits). This means they are not meant to be enabled using systemctl.';

function changeText({ action, path, target }: LinkChange, isNew: boolean, glyphs: Glyphs): string {
  const quote = isNew ? "'" : '"';
  if (action === 'removed') return `Removed ${quote}${path}${quote}.`;
  const [from, to] = isNew ? [`'${path}'`, `'${target}'`] : [path, target];
  return `Created symlink ${from} ${glyphs.arrow} ${to}.`;
}

function maskAll({ manager, units, glyphs, offline }: Request): Answer {
  const answers = units.map((name) => {
    const path = join(manager.place.folder, name);
    if (!mask(manager.place, name)) {
      return refusal(1, `Failed to mask unit: File ${path} already exists.`);
    }
    return {
      code: 0,
      stdout: '',
      stderr: `Unit ${name} does not exist, proceeding anyway.\nCreated symlink ${path} ${glyphs.arrow} /dev/null.\n`,
    };
  });
  if (offline === null) manager.reload();
  return together(answers);
}

function isEnabled({ manager, units, args }: Request): Answer {
  if (units.length === 0) return refusal(1, 'Too few arguments.');
  const isNew = manager.version >= 253;
  const states = units.map((name) => fileState(manager.place, name));
  const isGood = states.some((state) => state === 'enabled' || state === 'static');
  const isUnknown = states.every((state) => state === 'bad');
  const missing = units.filter((_, at) => states[at] === 'bad');
  if (missing.length > 0 && !isNew) {
    const [name = ''] = missing;
    const text = `Failed to get unit file state for ${name}: No such file or directory`;
    return refusal(1, text);
  }
  const words = states.map((state) => (state === 'bad' ? 'not-found' : state));
  const stdout = args.has('quiet') ? '' : words.map((word) => `${word}\n`).join('');
  return { code: isGood ? 0 : isUnknown ? 4 : 1, stdout, stderr: '' };
}
