/** The oldest Node of each line that runs this program; `engines` in package.json says the same. */
const OLDEST = { major: 24, minor: 12 };

/**
 * Leave with one clear line on a Node that is too old, before anything is
 * loaded that it would choke on (better-sqlite3 brings Node 20 down).
 */
export function refuseOldNode(program: string): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isOld = major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor);
  if (!isOld && major !== 25) return;
  const needs = `it needs Node ${OLDEST.major}.${OLDEST.minor} or later (24 or 26)`;
  process.stderr.write(`cannot run ${program} on Node ${process.versions.node}: ${needs}\n`);
  process.exit(1);
}
