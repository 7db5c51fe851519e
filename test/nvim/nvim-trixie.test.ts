import { nvimOn } from './nvim.ts';

/** Neovim 0.10, the oldest that heph.nvim is for. */
await nvimOn('trixie', 'NVIM v0.10');
