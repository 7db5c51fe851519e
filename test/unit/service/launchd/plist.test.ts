import { parse } from 'plist';
import { expect, test } from 'vitest';
import { programOf, renderPlist } from '#service/launchd/plist.ts';
import { MARKER } from '#service/ownership.ts';
import { SPEC } from '../../../support/imagined-service.ts';

const spec = { ...SPEC, name: 'org.hephaestus.hephd' };
const LOG = '/home/ada/.local/share/heph/hephd.log';

test('a plist has these keys, and the marker before them', () => {
  const text = renderPlist(spec);
  expect(parse(text)).toEqual({
    Label: 'org.hephaestus.hephd',
    ProgramArguments: ['/opt/hephd', '--mode', 'local'],
    RunAtLoad: true,
    KeepAlive: true,
    ThrottleInterval: 5,
    ExitTimeOut: 30,
    Umask: 0o077,
    StandardOutPath: LOG,
    StandardErrorPath: LOG,
  });
  expect(text).toContain(`<!-- ${MARKER} -->\n<plist version="1.0">`);
  expect(text.endsWith('</plist>\n')).toBe(true);
});

test.each(['\u0000', '\u001f', '\u007f', '\ufffe', '\uffff', '\ud800'])('%j is refused', (char) => {
  const path = `/a${char}b`;
  expect(() => renderPlist({ ...spec, program: [path] })).toThrow(
    expect.objectContaining({
      kind: 'failed',
      message: `cannot put ${JSON.stringify(path)} into a plist: it has a control character, or one that XML has no way to write`,
      hint: 'use a path without one',
    }),
  );
});

const plist = (body: string) => `<plist version="1.0"><dict>${body}</dict></plist>`;
const words = '<key>ProgramArguments</key><array><string>/a</string><integer>3</integer></array>';
test.each<[string, string[] | null]>([
  [plist(words), ['/a', '3']],
  [`${plist(words)}\n \n`, ['/a', '3']],
  [`${plist(words)} and more`, null],
  [plist('<key>ProgramArguments</key><string>/a</string>'), null],
  [plist('<key>Label</key><string>x</string>'), null],
  ['<plist><dict><string>no key</string></dict></plist>', null],
  ['<dict></dict></plist>', null],
])('the command line of %s', (xml, expected) => {
  expect(programOf(xml)).toEqual(expected);
});
