/**
 * The thread in which one file of readers is fuzzed. It begins to count before
 * it loads them, and leaves it to another thread to see when it is stuck.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { Coverage } from './coverage.ts';
import { readGuided } from './guided.ts';
import { NowRead } from './now-read.ts';
import { Random } from './random.ts';
import type { Readers } from './readers/reader.ts';
import type { Job, Told } from './text-fuzz.ts';

const { file, seed, texts, shared } = workerData as Job;
const coverage = new Coverage(new URL('../../src/', import.meta.url).href);
const { READERS } = (await import(file)) as { READERS: Readers };
const guide = { coverage, nowRead: new NowRead(shared) };
const random = new Random(seed);
const told: Told = { texts: 0, refused: 0, kept: 0, defect: null };
try {
  for (const [name, reader] of Object.entries(READERS)) {
    const counts = await readGuided(name, reader, texts, { ...guide, random: random.fork() });
    told.texts += counts.texts;
    told.refused += counts.refused;
    told.kept += counts.kept;
  }
} catch (error) {
  told.defect = (error as Error).message;
}
parentPort?.postMessage(told);
