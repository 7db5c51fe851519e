/** Where an installation keeps its versions, and what an update leaves behind. */
export interface UpdatePlaces {
  /** A folder a version. */
  versions: string;
  /** A link to the version in use. */
  current: string;
  /** Of all that follows. */
  folder: string;
  state: string;
  probation: string;
  /** What is being downloaded. */
  download: string;
  /** The copy of the store that a new version is tried on before it is in use. */
  rehearsal: string;
  /** Where a version answers that is tried: as long as the socket that clients know, so that it can be bound where that can. */
  trialSocket: string;
}

/** @param dataDir the folder of the store and all that lies beside it. */
export function updatePlaces(dataDir: string): UpdatePlaces {
  const update = `${dataDir}/update`;
  return {
    versions: `${dataDir}/versions`,
    current: `${dataDir}/current`,
    folder: update,
    state: `${update}/state.json`,
    probation: `${update}/probation`,
    download: `${update}/download.tar.gz`,
    rehearsal: `${update}/rehearsal`,
    trialSocket: `${dataDir}/trial.sock`,
  };
}

/** The copy of the store that a new version makes before anything else, and that going back restores. */
export function backupBeforeUpdate(backups: string, to: string): string {
  return `${backups}/before-update-to-${to}.db`;
}
