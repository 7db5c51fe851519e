import { globSync, readFileSync } from 'node:fs';
import { root } from './support.ts';
import { table, type Blocks } from './docs-markdown.ts';

/** What is known to go wrong, and what heph does; or why no test shows it. */
interface Failure {
  what: string;
  does: string;
  /** Why no test has its letter. */
  untested?: string;
}

const FAILURES: Readonly<Record<string, Failure>> = {
  A1: {
    what: '`bootout` answers while the old process still runs; the next `bootstrap` fails with 5',
    does: 'waits until `print` no longer knows it, then tries for as long as a daemon may take to leave',
  },
  A2: { what: '`bootout --wait` is only known to new versions', does: 'uses no such flag' },
  A3: { what: '37, "already in progress"', does: 'asks `print` whether it is loaded' },
  A4: {
    what: '36, "now in progress", from an old `bootout`',
    does: 'takes it for an answer, and waits',
  },
  A5: { what: 'taking down what is not loaded: 3 or 113', does: 'takes it for done' },
  A6: {
    what: 'a service once disabled, in System Settings too, stays so over reinstalls',
    does: 'enables before it loads; never disables; `status` says it',
  },
  A7: {
    what: 'nobody is logged in at the screen: 112, 125 or 5',
    does: 'says so, exit 4; what was loaded from elsewhere is found in the other domain',
  },
  A8: {
    what: 'a plist that others may write, or of another owner: 122',
    does: 'writes it 0644 whatever the umask, and names the remedy',
  },
  A9: { what: 'no `~/Library/LaunchAgents` on a fresh account', does: 'makes it' },
  A10: {
    what: 'loaded, but never spawned',
    does: 'starts it by name, and waits for the daemon to answer',
  },
  A11: {
    what: '`kickstart` does not read the plist again',
    does: 'compares what launchd remembers, and loads it anew where that differs',
  },
  A12: {
    what: '`kickstart -k` just after loading kills the fresh process',
    does: 'does one or the other, with a time limit',
  },
  A13: {
    what: 'a replaced program is killed for its new signature',
    does: 'loads anew when the version changed, or when launchd says so',
    untested: 'only a real macOS signs programs',
  },
  A14: {
    what: 'loaded is not running: launchd never gives up',
    does: 'tells the two apart, and the end of the log with it',
  },
  A15: { what: 'the throttle: no second start within it', does: 'sets 5 s, and waits longer' },
  A16: {
    what: 'a short exit timeout kills in the middle of a write',
    does: 'sets 30 s, and waits longer',
  },
  A17: {
    what: 'the login item is called `sh` or `node`',
    does: 'names a program called `hephd` where it is installed',
  },
  A18: {
    what: 'macOS keeps agents out of Documents and Desktop',
    does: 'has its store in a place that is not among them',
    untested: 'the paths are fixed',
  },
  A19: {
    what: 'a downloaded program is in quarantine',
    does: 'is not fetched by a browser',
    untested: 'only a browser sets the mark',
  },
  B1: {
    what: 'no way to the user manager from ssh, cron or su, in many wordings',
    does: 'takes `/run/user/UID` where it is ours, else says what is missing',
  },
  B2: { what: '`enable` succeeds with no manager there', does: 'never takes it for proof' },
  B3: { what: '`sudo heph daemon start`', does: 'refuses, with the right command' },
  B4: { what: 'no systemd at all', does: 'exit 4, and how to run hephd in the foreground' },
  B5: {
    what: 'services end with the last logout',
    does: 'tells, and never changes it unasked; `loginctl` may hang',
  },
  B6: { what: 'the machine has a service of the same name', does: '`doctor` finds it' },
  C1: { what: 'a unit changed and not reread', does: 'rereads before it restarts' },
  C2: { what: 'the unit of an older version stays', does: 'compares the bytes each time' },
  C3: {
    what: "drop-ins, and changes by hand, are the user's",
    does: 'keeps a copy, removes no drop-in, tells of both',
  },
  C4: { what: '`multi-user.target` does not exist for a user', does: 'uses `default.target`' },
  C5: {
    what: 'five starts in ten seconds, by hand too, and it stays down',
    does: 'sets no such limit, and forgets failures first',
  },
  C6: { what: 'a clean exit is not followed by another start', does: '`Restart=always`' },
  C7: {
    what: 'spaces, quotes, `%`, `$` in a path',
    does: 'escapes them, or refuses what cannot be',
  },
  C8: {
    what: 'a missing program, or folder for the log',
    does: '`Type=exec`, and makes the folder first',
  },
  C9: { what: '`Type=notify` waits for ever', does: 'asks the daemon itself' },
  C10: { what: 'children that stay behind', does: '`KillMode=mixed`' },
  C11: { what: 'a stop that takes 90 seconds', does: 'sets 30, and waits longer' },
  C12: {
    what: 'a file removed before its service',
    does: 'stops, disables, removes, rereads, in that order, from any state',
  },
  C13: { what: 'the command is run from inside the service, and ends with it', does: 'refuses' },
  C14: { what: 'the manager reads another folder', does: 'looks after it wrote, and complains' },
  C15: { what: 'no PATH of yours in the service', does: 'names every program by its whole path' },
  D1: {
    what: 'the version that the service names is removed',
    does: 'names a path that lasts; refuses one that does not; `status` says when it has gone',
  },
  D2: {
    what: 'the old version goes on after an upgrade',
    does: 'compares what runs with what is installed',
  },
  D3: {
    what: 'files are replaced under a running process',
    does: 'installs each version in a folder of its own',
  },
  E1: {
    what: 'a socket left by a kill, or something else in its place',
    does: 'removes its own, and nothing else',
  },
  E2: {
    what: 'a socket path that is too long is cut without a word',
    does: 'refuses it, in bytes',
  },
  E3: {
    what: 'two daemons on one store',
    does: 'a lock of the kernel; the second ends with 78, and is not started again',
  },
  E4: { what: 'a daemon that no manager runs', does: 'names its pid, and changes nothing' },
  F: {
    what: 'logs that grow for ever, and a manager that holds them open',
    does: 'rotates by copying, from the first moment of a start',
  },
  G: {
    what: 'a command killed half-way, hung, or run twice at once',
    does: 'the same command again comes to the same end; one at a time',
  },
};

/** The tests that carry a letter, by file. */
function testsOf(letter: string): string[] {
  const files = globSync('test/{unit,contract,integration,container}/**/*.ts', {
    cwd: root,
  }).toSorted();
  const named = new RegExp(`\\((?:[A-G]\\d*, )*${letter}(?:, [A-G]\\d*)*\\)`);
  return files.filter((file) => named.test(readFileSync(`${root}/${file}`, 'utf8')));
}

export const failureBlocks: Blocks = {
  /** @throws {Error} one has neither a test nor a reason. */
  'service-failures': () =>
    table(
      ['', 'what goes wrong', 'what heph does', 'shown in'],
      Object.entries(FAILURES).map(([letter, { what, does, untested }]) => {
        const tests = testsOf(letter).map((file) => `\`${file.replace('test/', '')}\``);
        if (tests.length === 0 && untested === undefined) {
          throw new Error(`cannot tell which test shows ${letter}`);
        }
        return [letter, what, does, tests.join(', ') || `not: ${untested}`];
      }),
    ),
};
