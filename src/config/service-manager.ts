/**
 * Names a service manager in place of the platform's (`systemd`, `launchd`):
 * how all of `heph daemon` is tried "as on macOS" on a Linux machine, with the
 * fakes of `fixtures/bin` first on PATH.
 */
export function serviceManagerOverride(
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  return env['HEPH_SERVICE_MANAGER'] || undefined;
}
