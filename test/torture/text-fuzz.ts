import { Worker } from 'node:worker_threads';
import { NowRead } from './now-read.ts';
import type { Random } from './random.ts';
import { expectNone, type Counts, type Trial } from './trial.ts';

/** For each reader. */
const TEXTS = 3000;
/** Whoever is at one text for longer does not come back. Of the processor's time, so that a busy machine is none. */
const CPU_US_MAX = 5_000_000;
/** Each in a thread of its own: the fewer modules there are, the quicker it is told what ran. */
const FILES = ['dates', 'texts', 'settings', 'updates', 'imports', 'notes', 'services'];

/** What a thread is to do. */
export interface Job {
  /** Of `readers`. */
  file: string;
  seed: number;
  texts: number;
  /** Of {@link NowRead}. */
  shared: SharedArrayBuffer;
}

/** What it says when it is done. */
export interface Told {
  texts: number;
  refused: number;
  kept: number;
  /** What ended it before. */
  defect: string | null;
}

export const textFuzz: Trial = {
  name: 'text-fuzz',
  claim: 'whatever is in a text that somebody wrote, its reader takes it or says what is wrong',
  isForLinux: false,
  run: async (random, _folder, scale) => fuzz(random, scale),
};

async function fuzz(random: Random, scale: number): Promise<Counts> {
  const counts = { texts: 0, refused: 0, kept: 0 };
  for (const name of FILES) {
    const { defect, ...told } = await inThread(name, random.int(0, 2 ** 32 - 1), TEXTS * scale);
    expectNone(defect === null ? [] : [defect]);
    counts.texts += told.texts;
    counts.refused += told.refused;
    counts.kept += told.kept;
  }
  return counts;
}

async function inThread(name: string, seed: number, texts: number): Promise<Told> {
  const nowRead = new NowRead();
  const file = new URL(`readers/${name}.ts`, import.meta.url).href;
  const job: Job = { file, seed, texts, shared: nowRead.shared };
  const worker = new Worker(new URL('text-worker.ts', import.meta.url), {
    workerData: job,
    // The reader of XML complains there.
    stderr: true,
  });
  const { promise, resolve, reject } = Promise.withResolvers<Told>();
  worker.on('message', resolve).on('error', reject);
  worker.on('exit', () => reject(new Error(`the thread of ${name} ended at ${nowRead.shown}`)));
  const timer = setInterval(isStuck(nowRead, reject), 1000);
  try {
    return await promise;
  } finally {
    clearInterval(timer);
    await worker.terminate();
  }
}

/** Looks, each time that it is called, whether the same text is read for too long. */
function isStuck(nowRead: NowRead, reject: (error: Error) => void): () => void {
  let count = -1;
  let since = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(since);
    if (nowRead.count !== count || count === 0) {
      count = nowRead.count;
      since = process.cpuUsage();
    } else if (user + system > CPU_US_MAX) {
      reject(new Error(`a reader does not come back: ${nowRead.shown}`));
    }
  };
}
