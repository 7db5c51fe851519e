import { ensureEngine } from './engine.ts';
import { messageOf } from './run.ts';

let ready: Promise<void> | undefined;

/** Testcontainers reads the environment at its first use and never again, so this comes before. */
export function engineReady(): Promise<void> {
  ready ??= ensureEngine().then(({ env }) => void Object.assign(process.env, env));
  return ready;
}

/**
 * Why container tests cannot run here, once it has been tried; undefined where they can. In CI that
 * is no reason to skip them, and this throws.
 */
export async function missingEngine(): Promise<string | undefined> {
  try {
    await engineReady();
    return undefined;
  } catch (error) {
    if (process.env.CI === 'true') throw error;
    process.stderr.write(`container tests are skipped: ${messageOf(error)}\n`);
    return messageOf(error);
  }
}
