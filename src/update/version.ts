/** The only versions there are: three numbers, so that there is one order of them. */
export const VERSION_FORM = /^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$/;

/** Below 0 when `a` is older than `b`, 0 when they are the same, above 0 when newer. Both are of that form. */
export function compareVersions(a: string, b: string): number {
  const right = numbersOf(b);
  const differences = numbersOf(a).map((number, i) => number - (right[i] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}

function numbersOf(version: string): number[] {
  return version.split('.').map(Number);
}
