declare const HEPH_BUILD_VERSION: string | undefined;
declare const HEPH_BUILD_COMMIT: string | undefined;

/** Raised whenever an older client or daemon could misread a message. */
export const PROTOCOL = 1;

/** This program's version; a build may set another (`HEPH_BUILD_VERSION`). */
export const VERSION: string =
  typeof HEPH_BUILD_VERSION === 'string' ? HEPH_BUILD_VERSION : '0.1.0';

/** The commit a build was made from; a working tree has none. */
export const COMMIT: string =
  typeof HEPH_BUILD_COMMIT === 'string' ? HEPH_BUILD_COMMIT : 'working tree';

/** What `--version` prints. */
export function versionLine(program: string): string {
  return `${program} ${VERSION} (${COMMIT})`;
}
