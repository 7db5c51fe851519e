/** All that is known of an error, for the log. */
export function stack(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
