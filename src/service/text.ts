/** The last part of a path. */
export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folder a path lies in. */
export function dirname(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}
