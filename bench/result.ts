import type { LargeResult } from './large.ts';
import type { LoadResult } from './load.ts';
import type { Figure, Waits } from './measure.ts';

/** Another program, asked the same. */
export interface PeerResult {
  name: string;
  figures: Figure[];
}

export interface SizeResult {
  size: number;
  /** From exec to an answered handshake. */
  upMs: number;
  /** After questions, and after long lists as well. */
  rssMib: number;
  rssAfterMib: number;
  roundTrips: Waits;
  /** The same while another client asks what must read everything. */
  beside: Waits;
  figures: Figure[];
  /** Fifty clients at once; of one size. */
  load: LoadResult | null;
  /** An import and its undo; of the same size. */
  large: LargeResult | null;
  peers: PeerResult[];
}

export const of = (figures: readonly Figure[], name: string): number =>
  figures.find((one) => one.name === name)?.median ?? Number.NaN;

/** What heph itself took, in ms: without what starting and timing any program costs. */
export function took(result: SizeResult, cell: string): number {
  return net(result, result.figures, cell);
}

/** How many times longer it took there than in the smaller store. */
export function grown(result: SizeResult, smallest: SizeResult, cell: string): number {
  return took(result, cell) / took(smallest, cell);
}

/** How many times longer than heph the other takes. */
export function times(result: SizeResult, peer: PeerResult, cell: string): number {
  return net(result, peer.figures, cell) / took(result, cell);
}

function net(result: SizeResult, figures: readonly Figure[], cell: string): number {
  return of(figures, cell) - of(result.figures, 'empty program');
}
