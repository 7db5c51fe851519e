import type { ReadHandler } from '#daemon/world.ts';
import { problemsIn, problemsOfFile } from '#store/check.ts';

export const checkStore: ReadHandler<'store.check'> = (
  { sql },
  { path, any_schema: isAnySchema },
) => ({
  problems: path === undefined ? problemsIn(sql) : problemsOfFile(path, { isAnySchema }),
});
