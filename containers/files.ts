import { run } from './run.ts';

/*
 * Docker's own file transfer is no help for a running target: it writes below the tmpfs of /tmp and
 * /run, where nothing inside sees it. So files travel as the input of a command, run there as root.
 */

/** The command that makes its input the file at `path`. */
export function putFile(path: string, owner: string | undefined, mode: number): string[] {
  const permissions = (mode & 0o7777).toString(8);
  return ['sh', '-c', `${prelude}${file}`, 'sh', path, ownership(owner), permissions];
}

/** The command that unpacks its input into the folder `path`, and that input. */
export async function putFolder(
  hostFolder: string,
  path: string,
  owner: string | undefined,
): Promise<{ argv: string[]; archive: Uint8Array }> {
  // Without this, tar on macOS adds a file of attributes beside every file.
  const env = { COPYFILE_DISABLE: '1' };
  const args = ['-C', hostFolder, '-cf', '-', '.'];
  const { code, stdout, stderr } = await run('tar', args, { env });
  if (code !== 0) throw new Error(`cannot pack ${hostFolder}: ${stderr}`);
  return {
    argv: ['sh', '-c', `${prelude}${folder}`, 'sh', path, ownership(owner)],
    archive: stdout,
  };
}

/** chown takes the user's own group for a name that ends in a colon. */
const ownership = (owner = ''): string =>
  owner === '' || owner.includes(':') ? owner : `${owner}:`;

const prelude = `set -eu
path=$1 owner=$2
nearest() { if [ -d "$1" ]; then printf %s "$1"; else nearest "$(dirname -- "$1")"; fi; }
folder() { [ -d "$1" ] || { folder "$(dirname -- "$1")"; mkdir -- "$1"; chown -- "$owner" "$1"; }; }
[ -n "$owner" ] || owner=$(stat -c %u:%g -- "$(nearest "$path")")
`;

const file = `folder "$(dirname -- "$path")"
new=$(mktemp -- "$path.XXXXXX")
cat > "$new"
chown -- "$owner" "$new"
chmod -- "$3" "$new"
mv -fT -- "$new" "$path"
`;

const folder = `folder "$path"
tar -C "$path" --no-same-owner -xf -
chown -R -- "$owner" "$path"
`;
