#!/usr/bin/env node
import { refuseOldNode } from '#bin/node-version.ts';

refuseOldNode('heph');
void main();

// Not awaited at the top: the compiled client's format has no place for that.
async function main(): Promise<void> {
  const { runCli } = await import('#cli/main.ts');
  const { invocationOf } = await import('#node/invocation.ts');
  process.exit(await runCli(invocationOf(process)));
}
