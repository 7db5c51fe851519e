/** This process, and whether another is still there. */
export const processes = { pid: process.pid, isAlive };

/** Whether there is a process with this pid, anybody's. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Not to be signalled by us, but there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
