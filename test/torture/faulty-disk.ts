import { preloaded } from './preloaded.ts';

/** What the faulty disk is told; see `faulty-disk.c`. */
export interface Faults {
  folder: string;
  journal?: string;
  /** From the `from`-th call of a kind on, until the file `mended` is there. */
  fail?: { ops: 'write' | 'sync' | 'name'; from: number; errno: number; mended: string };
}

/** The variables that put it between a program and its files. */
export async function faultyDisk({
  folder,
  journal,
  fail,
}: Faults): Promise<Record<string, string>> {
  return {
    LD_PRELOAD: await preloaded('faulty-disk.c'),
    FAULTY_DISK_FOLDER: folder,
    ...(journal === undefined ? {} : { FAULTY_DISK_JOURNAL: journal }),
    ...(fail === undefined
      ? {}
      : {
          FAULTY_DISK_FAIL: `${fail.ops} ${fail.from} ${fail.errno}`,
          FAULTY_DISK_MENDED: fail.mended,
        }),
  };
}
