import { glob, readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';

export interface Mirror {
  uri: string;
  /** The key file that vouches for it, where the machine names one. */
  keyring: string | undefined;
}

interface Source extends Mirror {
  suites: string[];
  components: string[];
}

/** The Debian mirror that this machine installs from, whatever file and format it is written in. */
export async function debianMirror(): Promise<Mirror> {
  const os = parseEnv(await readFile('/etc/os-release', 'utf8').catch(() => ''));
  if (os.ID !== 'debian')
    throw new Error('this machine is not Debian, so it knows no Debian mirror');
  const found = (await machineSources())
    .filter(({ uri, components }) => isOnline(uri) && components.includes('main'))
    .filter(({ suites }) => suites.some((suite) => suite === os.VERSION_CODENAME || isAlias(suite)))
    .toSorted((a, b) => distrust(a) - distrust(b))[0];
  if (!found) throw new Error('no Debian mirror is configured under /etc/apt');
  return { uri: await resolveMirrorList(found.uri), keyring: found.keyring };
}

/** Vendors call their suites like Debian's, and sign them with keys of their own. */
const distrust = ({ keyring }: Source): number => {
  if (keyring === undefined) return 1;
  return keyring.includes('debian-archive') ? 0 : 2;
};

const isOnline = (uri: string): boolean => /^(https?|mirror\+file):/.test(uri);

const isAlias = (suite: string): boolean =>
  ['stable', 'testing', 'unstable', 'sid'].includes(suite);

async function machineSources(): Promise<Source[]> {
  const sources: Source[] = [];
  const files = await Array.fromAsync(
    glob('/etc/apt/{sources.list,sources.list.d/*.{list,sources}}'),
  );
  for (const file of files.toSorted()) {
    const text = await readFile(file, 'utf8');
    sources.push(...(file.endsWith('.sources') ? parseStanzas(text) : parseLines(text)));
  }
  return sources;
}

/** The format of `*.sources`: paragraphs of `Field: value`, where an indented line continues one. */
export function parseStanzas(text: string): Source[] {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  return lines
    .join('\n')
    .split(/\n\s*\n/)
    .flatMap((stanza) => {
      const fields = new Map<string, string[]>();
      for (const field of stanza.trim().split(/\n(?=\S)/)) {
        const colon = field.indexOf(':');
        const words = field
          .slice(colon + 1)
          .trim()
          .split(/\s+/);
        fields.set(field.slice(0, colon).trim().toLowerCase(), words);
      }
      const of = (name: string) => fields.get(name) ?? [];
      if (!of('types').includes('deb') || of('enabled')[0]?.toLowerCase() === 'no') return [];
      const keyring = of('signed-by').find((word) => word.startsWith('/'));
      return of('uris').map((uri) => ({
        uri,
        suites: of('suites'),
        components: of('components'),
        keyring,
      }));
    });
}

/** The format of `*.list`: `deb [option=value …] uri suite component …`. */
export function parseLines(text: string): Source[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[(?<options>[^\]]*)\]\s*)?(?<rest>[^#]+)/.exec(line);
    const [uri, suite, ...components] = match?.groups?.rest?.trim().split(/\s+/) ?? [];
    if (uri === undefined || suite === undefined) return [];
    const keyring = /signed-by=(?<path>\/[^\s,]+)/.exec(match?.groups?.options ?? '')?.groups?.path;
    return [{ uri, suites: [suite], components, keyring }];
  });
}

/** Debian's cloud images name a file of mirrors in place of a mirror. */
async function resolveMirrorList(uri: string): Promise<string> {
  const list = /^mirror\+file:(?:\/\/)?(?<path>\/.*)$/.exec(uri)?.groups?.path;
  if (list === undefined) return uri;
  const lines = (await readFile(list, 'utf8')).split('\n');
  const first = lines.find((line) => line.trim() !== '' && !line.startsWith('#'));
  if (first === undefined) throw new Error(`${list} names no mirror`);
  return first.trim().split(/\s+/)[0] ?? first;
}
