/** Where an installation keeps its versions, and what an update leaves behind. */
export interface UpdatePlaces {
  /** A folder a version. */
  versions: string;
  /** A link to the version in use. */
  current: string;
  state: string;
  probation: string;
  /** What is being downloaded. */
  download: string;
  /** What a new version is tried on before it is in use: a copy of the store, and a socket. */
  rehearsal: string;
}

/** @param dataDir the folder of the store and all that lies beside it. */
export function updatePlaces(dataDir: string): UpdatePlaces {
  const update = `${dataDir}/update`;
  return {
    versions: `${dataDir}/versions`,
    current: `${dataDir}/current`,
    state: `${update}/state.json`,
    probation: `${update}/probation`,
    download: `${update}/download.tar.gz`,
    rehearsal: `${update}/rehearsal`,
  };
}

/** The copy of the store that a new version makes before anything else, and that going back restores. */
export function backupBeforeUpdate(backups: string, to: string): string {
  return `${backups}/before-update-to-${to}.db`;
}
