/** `heph-2026-11-24T22-15-03-123.db` in the folder for backups: what it is, and of which moment, in UTC. */
export function backupName(backups: string, what: string, nowMs: number): string {
  const moment = new Date(nowMs).toISOString().slice(0, -1).replaceAll(/[:.]/g, '-');
  return `${backups}/${what}-${moment}.db`;
}
