#!/usr/bin/env node
import { refuseOldNode } from '#bin/node-version.ts';

refuseOldNode('heph');
const { runCli } = await import('#cli/main.ts');
const { invocationOf } = await import('#node/invocation.ts');
process.exit(await runCli(invocationOf(process)));
