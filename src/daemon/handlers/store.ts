import type { ReadHandler } from '#daemon/world.ts';
import { problemsIn } from '#store/check.ts';

export const checkStore: ReadHandler<'store.check'> = ({ sql }) => ({ problems: problemsIn(sql) });
