import { expect, test } from 'vitest';
import { backendOf, managerOf, unitPathOf } from '#service/select.ts';
import { imagine } from '../../support/imagined-service.ts';

test.each([
  ['linux', undefined, 'systemd'],
  ['darwin', undefined, 'launchd'],
  ['linux', 'launchd', 'launchd'],
  ['darwin', 'systemd', 'systemd'],
  ['linux', 'upstart', 'systemd'],
] as const)('%s, told %s: %s', (platform, override, manager) => {
  expect(managerOf(platform, override)).toBe(manager);
  expect(backendOf(manager, imagine().ports).manager).toBe(manager);
});

test('no other platform has one that heph knows', () => {
  expect(() => managerOf('win32', undefined)).toThrow(
    expect.objectContaining({
      kind: 'unreachable',
      message: 'cannot manage hephd on win32: heph knows launchd and systemd',
      hint: 'run it in the foreground: hephd',
    }),
  );
});

test('each looks for the file in a place of its own', () => {
  expect(unitPathOf('systemd', '/h')).toBe('/h/.config/systemd/user/heph.service');
  expect(unitPathOf('launchd', '/h')).toBe('/h/Library/LaunchAgents/org.hephaestus.hephd.plist');
});
