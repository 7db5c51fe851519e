/**
 * Why an update is not made, in words for the log and for `heph update`. Nothing
 * has changed when one is thrown: the version that runs goes on.
 */
export class UpdateError extends Error {
  /** What went wrong, for programs: it is in the state file and in `--json`. */
  readonly code: UpdateProblem;

  /** @param message begins "cannot …", names the thing, and says what to do where somebody can. */
  constructor(code: UpdateProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export type UpdateProblem =
  /** The feed cannot be reached, or does not have what it says. */
  | 'unreachable'
  /** The feed's address is none that is allowed. */
  | 'bad_feed'
  /** No known key has signed this. */
  | 'bad_signature'
  /** Signed, but not a manifest, or one that has run out. */
  | 'bad_manifest'
  /** There is nothing for this machine. */
  | 'no_artifact'
  /** What came is not what the manifest says. */
  | 'bad_artifact'
  /** The archive holds what no artefact of heph has. */
  | 'bad_archive'
  /** The new version does not run, or not on a copy of the store. */
  | 'bad_version'
  /** The disk does not take it. */
  | 'no_room';
