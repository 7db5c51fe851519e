import { expect, test } from 'vitest';
import { MARKER } from '#service/ownership.ts';
import { programOf, renderUnit } from '#service/systemd/unit.ts';
import { SPEC } from '../../../support/imagined-service.ts';

test('a unit, to the letter', () => {
  expect(renderUnit(SPEC)).toBe(`# ${MARKER}
[Unit]
Description=Hephaestus: tasks and the knowledge around them
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart="/opt/hephd" "--mode" "local"
Restart=always
RestartSec=1
RestartPreventExitStatus=78
TimeoutStopSec=30
KillMode=mixed
UMask=0077
UnsetEnvironment=HEPH_SOCKET HEPH_DB HEPH_CONFIG
StandardOutput=append:/home/ada/.local/share/heph/hephd.log
StandardError=append:/home/ada/.local/share/heph/hephd.log

[Install]
WantedBy=default.target
`);
});

test.each([`/a'b`, '/a"b', String.raw`/a\b`, '/a$b'])('%s goes behind a shell', (path) => {
  expect(renderUnit({ ...SPEC, program: [path] })).toContain('ExecStart="/bin/sh" "-c" "exec ');
});

test.each(['/a\u0000', '/a\u001f', '/a\u007f'])('%j is refused', (path) => {
  expect(() => renderUnit({ ...SPEC, program: [path] })).toThrow(
    expect.objectContaining({
      kind: 'failed',
      message: `cannot put ${JSON.stringify(path)} into a systemd unit: it has a control character, or one that systemd does not take`,
      hint: 'use a path without one',
    }),
  );
});

test.each<[string, string[] | null]>([
  ['ExecStart=/a/hephd --mode local', ['/a/hephd', '--mode', 'local']],
  ['ExecStart=  /a/hephd  ', ['/a/hephd']],
  ['ExecStart=/old\nExecStart=/new', ['/new']],
  ['ExecStart=-@:+!!/a/hephd', ['/a/hephd']],
  [`ExecStart='/a b/hephd' "c d"`, ['/a b/hephd', 'c d']],
  ['ExecStart="/a%%b" "$$c"', ['/a%b', '$c']],
  [String.raw`ExecStart='/a\'b' "c\"d"`, [`/a'b`, 'c"d']],
  ['ExecStart="/a" b"c', ['/a', 'b"c']],
  [`ExecStart="/a'`, [`"/a'`]],
  ['ExecStart=/a"x"', ['/a"x"']],
  ['ExecStart=/bin/sh /x', ['/bin/sh', '/x']],
  ['ExecStart=/bin/bash -c /x', ['/bin/bash', '-c', '/x']],
  ['ExecStart=/a-@b', ['/a-@b']],
  ['ExecStart=-', []],
  ['ExecStart=', null],
  [' ExecStart=/a', null],
  ['', null],
])('the command line of %j', (text, expected) => {
  expect(programOf(text)).toEqual(expected);
});
