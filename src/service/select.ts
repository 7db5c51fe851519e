import { launchdBackend } from '#service/launchd/backend.ts';
import {
  SERVICE_NAMES,
  ServiceError,
  type ManagerName,
  type ServiceBackend,
  type ServicePorts,
} from '#service/service.ts';
import { systemdBackend } from '#service/systemd/backend.ts';

/**
 * The service manager of a platform.
 * @param override names one all the same: how the whole of `heph daemon` is
 *   tried "as on macOS" on Linux.
 * @throws {ServiceError} `unreachable`: there is none that heph knows.
 */
export function managerOf(platform: string, override: string | undefined): ManagerName {
  if (override === 'systemd' || override === 'launchd') return override;
  if (platform === 'linux') return 'systemd';
  if (platform === 'darwin') return 'launchd';
  throw new ServiceError(
    'unreachable',
    `cannot manage hephd on ${platform}: heph knows launchd and systemd`,
    'run it in the foreground: hephd',
  );
}

/** Where the manager looks for the file that describes the service. */
export function unitPathOf(manager: ManagerName, home: string): string {
  const name = SERVICE_NAMES[manager];
  return manager === 'systemd'
    ? `${home}/.config/systemd/user/${name}`
    : `${home}/Library/LaunchAgents/${name}.plist`;
}

export function backendOf(manager: ManagerName, ports: ServicePorts): ServiceBackend {
  return manager === 'systemd' ? systemdBackend(ports) : launchdBackend(ports);
}
