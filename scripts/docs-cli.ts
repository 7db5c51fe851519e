import type { CommandSpec } from '#cli/command.ts';
import { helpText } from '#cli/help.ts';
import { COMMANDS } from '#cli/table.ts';
import { code, fence, type Blocks } from './docs-markdown.ts';

const TASK = '[task row](rpc.md#task-row)';
const DOC = 'the [document](rpc.md#docnew)';
const REPORT = 'what was done, see [service.md](service.md#what-a-verb-reports)';

/** What `--json` prints, command by command: the one thing the table of commands does not know. */
export const DOCUMENTS: Readonly<Record<string, string>> = {
  next: 'an array of [ranked rows](rpc.md#ranked-row)',
  list: `an array of ${TASK}s`,
  task: `the ${TASK}, and \`created\`: false when \`--key\` named an outstanding task, which was updated`,
  show: `the ${TASK}, and \`body\``,
  edit: `the ${TASK}`,
  done: `the ${TASK}; an array of them where several ids were given`,
  drop: `the ${TASK}; an array of them where several ids were given`,
  skip: `the ${TASK}; an array of them where several ids were given`,
  delete:
    '`{"node_id", "kind", "title", "tombstoned"}`; an array of them where several ids were given',
  log: 'an array of [log entries](rpc.md#loglist); after TEXT, the entry and the node it is on',
  wait: `the ${TASK}`,
  search: 'an array of [hits](rpc.md#search)',
  'doc list': 'an array of [documents](rpc.md#doclist)',
  'doc new': DOC,
  'doc show': `${DOC}, and \`body\``,
  'doc edit': DOC,
  'doc rename': `${DOC}, and \`relinked\`: how many other texts were changed with it`,
  journal:
    'the [page](rpc.md#journalread); its `node_id` is null while nothing was written on that day. After a change, the same without `body`',
  links: 'an array of [links](rpc.md#linklist)',
  backlinks: 'an array of `{"node_id", "kind", "title"}`',
  undo: '`{"undone": `[change](rpc.md#historylist)` or null}`',
  history: 'an array of [changes](rpc.md#historylist)',
  watch: 'one object a line, with or without `--json`: [an entry of a change](rpc.md#historywatch)',
  'tag list': 'an array of `{"tag", "nodes", "outstanding"}`',
  'tag add': '`{"node_id", "kind", "title", "tags", "updated_at"}`',
  'tag remove': 'the same',
  import:
    '`{"read", "created", "updated", "unchanged", "dry_run", "problems": [{"place", "why"}], "attachments": [path]}`',
  export:
    '`{"path", "format", "nodes"}`; only with PATH: without it `--json` is refused, as the export itself is what is printed',
  backup: '`{"path", "bytes", "at"}`',
  restore: '`{"path", "replaced", "nodes"}`',
  completion: '`{"shell", "script"}`',
  'project rename':
    'the [project row](rpc.md#project-row), and `relinked`: how many texts were changed with it',
  'project archive': 'the [project row](rpc.md#project-row)',
  context: 'the [context](rpc.md#context); after a change, the same without `body`',
  'project list': 'an array of [project rows](rpc.md#project-row)',
  'project add':
    'the [project row](rpc.md#project-row), and `created`: false when it was there already',
  update: '`{"from", "to", "running", "by_hand_only"}`',
  doctor:
    '`{"healthy": bool, "findings": [{"check", "state", "says", "mend"}]}`; [the checks](service.md#what-doctor-looks-at)',
  'config list':
    'an array of `{"key", "value", "is_set", "default"}`; `value` is null where the file\'s cannot be used',
  'config get': '`{"key", "value", "is_set"}`',
  'config set': '`{"key", "value", "changed", "restart_needed"}`',
  'config unset': 'the same, with `value` null',
  'daemon start': REPORT,
  'daemon status': 'the [status object](service.md#the-status-object)',
  'daemon restart': REPORT,
  'daemon stop': REPORT,
  'daemon uninstall': REPORT,
  'daemon logs':
    'one object, `log` (the path) and `lines` (an array of strings); with `-f` an object a line, `{"line": string}`',
};

export const cliBlocks: Blocks = {
  'cli-overview': () => fence('text', helpText([])),
  'cli-commands': () => COMMANDS.map(section).join('\n\n'),
};

function section({ path }: CommandSpec): string {
  const name = path.join(' ');
  const document = DOCUMENTS[name];
  if (document === undefined)
    throw new Error(`cannot say what heph ${name} --json prints: add it here`);
  return [
    `## ${code(`heph ${name}`)}`,
    '',
    fence('text', helpText(path)),
    '',
    `With \`--json\`: ${document} ([schema](schemas/${path.join('-')}.json)).`,
  ].join('\n');
}
