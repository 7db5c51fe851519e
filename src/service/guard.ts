import { passingPlace } from '#service/executable.ts';
import type { Verb } from '#service/plan.ts';
import {
  ServiceError,
  type ServiceBackend,
  type ServicePorts,
  type ServiceSpec,
} from '#service/service.ts';

/**
 * What is wrong with *who asks*, whatever there is: refused before anything is
 * looked at, so that nothing is half-done.
 * @throws {ServiceError} `refused`.
 */
export async function refuseAsker(
  verb: Verb,
  spec: ServiceSpec,
  backend: ServiceBackend,
  ports: ServicePorts,
): Promise<void> {
  refuseSudo(verb, ports, spec);
  await refuseForeignHome(verb, ports, spec);
  if (verb === 'start' || verb === 'restart') refusePassingProgram(verb, spec);
  if (verb !== 'start') await refuseInside(verb, backend, spec);
}

/** For root, "your" service would be root's, and every file it writes unreadable for you. */
function refuseSudo(verb: Verb, { env }: ServicePorts, { uid }: ServiceSpec): void {
  const user = env['SUDO_USER'];
  if (uid !== 0 || user === undefined || user === '' || user === 'root') return;
  const message = `cannot ${verb} hephd with sudo: it is a service of your own, not of root`;
  throw new ServiceError('refused', message, `as ${user}, without sudo: heph daemon ${verb}`);
}

/** `su` without a dash, `sudo -E`: the service would be one user's, and its files another's. */
async function refuseForeignHome(
  verb: Verb,
  { files }: ServicePorts,
  { home, uid }: ServiceSpec,
): Promise<void> {
  const stat = await files.stat(home);
  if (stat === null || stat.type === 'link' || stat.uid === uid) return;
  throw new ServiceError(
    'refused',
    `cannot ${verb} hephd: HOME is ${home}, which belongs to user ${stat.uid}, and you are user ${uid}`,
    `log in as that user, or set HOME to your own`,
  );
}

/** A package runner's cache, or a folder for what is temporary: gone before the next login. */
function refusePassingProgram(verb: Verb, { program, home }: ServiceSpec): void {
  const place = program.map((word) => passingPlace(word, home)).find((found) => found !== null);
  if (!place) return;
  throw new ServiceError(
    'refused',
    `cannot ${verb} hephd from ${program[0]}: ${place} is emptied sooner or later, and the service would not come back`,
    'install heph first (docs: install-heph), then run the installed heph daemon start',
  );
}

/** The manager ends all of the service at once: the command would die half-way through. */
async function refuseInside(verb: Verb, backend: ServiceBackend, spec: ServiceSpec): Promise<void> {
  if (!(await backend.isInside(spec))) return;
  throw new ServiceError(
    'refused',
    `cannot ${verb} hephd from inside ${spec.name}: this command would be ended with it`,
    `run it from a terminal of your own: heph daemon ${verb}`,
  );
}
