import { nvimOn } from './nvim.ts';

/** Neovim 0.12, the newest that there is. */
await nvimOn('forky', 'NVIM v0.12');
