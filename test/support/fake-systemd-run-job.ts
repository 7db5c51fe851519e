import { refusal, success, type Answer } from './fake-program.ts';
import type { JobKind, JobResult } from './fake-systemd-jobs.ts';
import type { Manager, Request } from './fake-systemd-request.ts';
import type { Service } from './fake-systemd-service.ts';
import { hasChanged, loadProblem } from './fake-systemd-unit.ts';

/** Ask for a state, and wait for it unless told not to. */
export async function runJob(
  { manager, args }: Request,
  name: string,
  verb: JobKind | 'try-restart',
): Promise<Answer> {
  const service = manager.service(name);
  const refused = refuseJob(service, verb);
  if (refused) return refused;
  const warning = staleWarning(manager, service);
  const isDown = service.state === 'dead' || service.state === 'failed';
  if (verb === 'try-restart' && isDown) return success();
  const done = service.request(verb === 'try-restart' ? 'restart' : verb);
  if (args.has('no-block')) return { code: 0, stdout: '', stderr: warning };
  const failure = jobFailure(await done, service);
  return { code: failure === '' ? 0 : 1, stdout: '', stderr: warning + failure };
}

function refuseJob(service: Service, verb: JobKind | 'try-restart'): Answer | null {
  const { name, unit, state } = service;
  const { loadState } = unit;
  if (loadState === 'loaded') return null;
  const mayBeGone = loadState === 'not-found' || loadState === 'bad-setting';
  if (verb === 'stop') {
    const isDown = state === 'dead' && mayBeGone;
    return isDown ? refusal(5, `Failed to stop ${name}: Unit ${name} not loaded.`) : null;
  }
  if (verb === 'try-restart' && loadState === 'masked' && state === 'dead') return null;
  const text = `Failed to ${verb} ${name}: ${loadProblem(unit)}`;
  if (loadState !== 'bad-setting') return refusal(loadState === 'not-found' ? 5 : 1, text);
  return refusal(1, `${text}\nSee user logs and 'systemctl --user status ${name}' for details.`);
}

const FAILURES: Readonly<Record<Service['result'], string>> = {
  success: '',
  'exit-code': ' because the control process exited with error code',
  signal: ' because a fatal signal was delivered to the control process',
  timeout: ' because a timeout was exceeded',
  'start-limit-hit': ' because start of the service was attempted too often',
  resources: ' because of unavailable resources or another system error',
};

function jobFailure(job: JobResult, { name, result }: Service): string {
  if (job === 'done') return '';
  if (job === 'canceled') return `Job for ${name} canceled.\n`;
  const lines = [
    `Job for ${name} failed${FAILURES[result]}.`,
    `See "systemctl --user status ${name}" and "journalctl --user -xeu ${name}" for details.`,
  ];
  if (result === 'start-limit-hit') {
    lines.push(
      `To force a start use "systemctl --user reset-failed ${name}"`,
      `followed by "systemctl --user start ${name}" again.`,
    );
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** What is said to whoever works with a text that is no longer on disk. */
export function staleWarning({ place }: Manager, { name, unit }: Service): string {
  if (!hasChanged(place, unit)) return '';
  return `Warning: The unit file, source configuration file or drop-ins of ${name} changed on disk. Run 'systemctl --user daemon-reload' to reload units.\n`;
}
