/** A moment as the clock on the wall here showed it: `2026-12-24 18:30`. */
export function localTime(epochMs: number): string {
  const at = new Date(epochMs);
  return `${localDate(epochMs)} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The day of a moment, here: `2026-12-24`. */
export function localDate(epochMs: number): string {
  const at = new Date(epochMs);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
