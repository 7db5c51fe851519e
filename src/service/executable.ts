import { basename, dirname } from '#service/text.ts';

/** How the running `heph` was started. */
export interface Program {
  /** The runtime's executable, or the compiled program itself; links are resolved. */
  executable: string;
  /** The script the runtime runs, links as typed; null for a compiled program. */
  script: string | null;
}

/**
 * The command line of the `hephd` that belongs to this `heph`: its neighbour,
 * or what becomes the version in use.
 * @param launcher what `install.sh` put outside all versions, when it installed this `heph`.
 */
export function daemonCommand(program: Program, launcher: string | null): string[] {
  if (program.script === null)
    return [launcher ?? `${dirname(program.executable)}/hephd`, '--mode', 'local'];
  const name = basename(program.script).replace(/^heph\b/, 'hephd');
  return [program.executable, `${dirname(program.script)}/${name}`, '--mode', 'local'];
}

/**
 * Where the same file can be reached by a path without a version in it, best
 * first: a version that is removed then takes no service with it. These are the
 * links that the tools keep up to date themselves. Their shims are not among
 * them: a shim asks for the folder it is run in and for PATH, and a service has
 * neither.
 */
const STABLE_PATHS: readonly [RegExp, readonly string[]][] = [
  // Homebrew, on macOS and Linux: a link for each formula.
  [/(.*)\/Cellar\/([^/]+)\/[^/]+\//, ['$1/opt/$2/']],
  // mise: a link for each major version, and for the newest.
  [/(.*\/installs\/[^/]+)\/(\d+)\.[^/]+\//, ['$1/$2/', '$1/latest/']],
  // fnm: a link for each alias.
  [/(.*)\/node-versions\/[^/]+\/installation\//, ['$1/aliases/default/']],
  // nix: the links of the user's profile and of the system's.
  [
    /^\/nix\/store\/[^/]+\//,
    ['~/.nix-profile/', '~/.local/state/nix/profile/', '/run/current-system/sw/'],
  ],
];

/**
 * The path to hand to the service manager for a program: one without a version
 * where that leads to the very same file, else the path itself.
 * @param resolve every link followed; null where that leads to nothing.
 */
export async function stablePath(
  path: string,
  home: string,
  resolve: (path: string) => Promise<string | null>,
): Promise<string> {
  const real = await resolve(path);
  if (real === null) return path;
  for (const [pattern, templates] of STABLE_PATHS) {
    if (!pattern.test(path)) continue;
    for (const template of templates) {
      const candidate = path.replace(pattern, template).replace(/^~/, () => home);
      if ((await resolve(candidate)) === real) return candidate;
    }
  }
  return path;
}

const PASSING_PLACES: readonly [RegExp, string][] = [
  [/\/_npx\//, "npx's cache"],
  [/\/dlx(-[^/]+)?\//, "the package manager's dlx cache"],
  [/\/bunx-[^/]+\//, "bunx's cache"],
];
const TEMPORARY = ['/tmp', '/var/tmp', '/private/tmp', '/private/var/tmp', '/private/var/folders'];

/**
 * What kind of place a program lies in that will not be there for long; null
 * for any other. A home that is itself in a temporary folder goes with it.
 */
export function passingPlace(path: string, home: string): string | null {
  const known = PASSING_PLACES.find(([pattern]) => pattern.test(path));
  if (known !== undefined) return known[1];
  const folder = TEMPORARY.find((each) => path.startsWith(`${each}/`));
  return folder === undefined || home.startsWith(`${folder}/`) ? null : folder;
}
