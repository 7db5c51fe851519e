import { openLaunchctl, type Launchctl } from '#service/launchd/launchctl.ts';
import type { CommandOutcome, ServicePorts, ServiceSpec } from '#service/service.ts';
import { exited, imagine, SPEC, type Imagined } from './imagined-service.ts';

const LABEL = 'org.hephaestus.hephd';
export const AGENT: ServiceSpec = {
  ...SPEC,
  name: LABEL,
  unitPath: `/home/ada/Library/LaunchAgents/${LABEL}.plist`,
};
export const GUI = `gui/1000/${LABEL}`;
export const USER = `user/1000/${LABEL}`;

export const LOADED = exited(0, '\tstate = running\n\tpid = 42\n');
export const NOT_LOADED = exited(113, '', 'Could not find service');
export const NO_DOMAIN = exited(125, '', 'Domain does not support specified action');

/**
 * What launchd answers, by the first words of a command. Of several answers
 * each is given once, and the last from then on.
 */
export type Answers = Readonly<Record<string, CommandOutcome | readonly CommandOutcome[]>>;

const IDLE: Answers = { print: NOT_LOADED };

/** A launchd that says what the test says; to all else, that it is done. */
export function imagineLaunchd(
  answers: Answers,
  imagined: Imagined = {},
): { launchctl: Launchctl; ports: ServicePorts; did: string[]; changes: () => string[] } {
  const all = Object.entries({ ...IDLE, ...answers }).map(([words, outcomes]) => ({
    words,
    outcomes: [outcomes].flat(),
  }));
  const run = (command: string): CommandOutcome => {
    const outcomes = all
      .filter(({ words }) => `${command} `.startsWith(`launchctl ${words} `))
      .toSorted((a, b) => b.words.length - a.words.length)[0]?.outcomes;
    return (outcomes && outcomes.length > 1 ? outcomes.shift() : outcomes?.[0]) ?? exited(0);
  };
  const { ports, did } = imagine({ ...imagined, run });
  return {
    launchctl: openLaunchctl(ports),
    ports,
    did,
    /** What was done, but for looking, and without the time limit that all have. */
    changes: () =>
      did
        .filter((words) => !words.startsWith('launchctl print'))
        .map((words) => words.replace(/^launchctl (.*) \(5000 ms\)$/, '$1')),
  };
}
