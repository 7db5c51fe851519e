import { localDate } from '#cli/print/when.ts';
import { daysBetween } from '#core/dates.ts';
import type { RankedRow } from '#protocol/tasks.ts';

/** Why a task stands where it stands: its tier, then what orders it inside. */
export function explainRank(row: RankedRow, today: string): string {
  const tier = tierReason(row, today);
  // What makes a task late orders it among the late ones, too.
  return row.tier === 'late' ? tier : `${tier}; ${orderReason(row, today)}`;
}

function tierReason(row: RankedRow, today: string): string {
  switch (row.tier) {
    case 'red':
      return 'red: now, before everything';
    case 'late':
      return `late ${since(row.late_from ?? today, today)}: before all but red`;
    case 'orange':
      return 'orange: needs you soon';
    case 'white':
      return 'white: normal';
    case 'blue':
      return 'blue: on deck, after the rest';
  }
}

function orderReason(row: RankedRow, today: string): string {
  if (row.late_from !== null) return `late from ${row.late_from}`;
  if (row.do_on !== null) return `to do ${since(row.do_on, today)}`;
  return `no date, filed ${localDate(row.created_at)}`;
}

function since(date: string, today: string): string {
  const days = daysBetween(date, today);
  if (days === 0) return 'from today';
  return `since ${date} (${days} ${days === 1 ? 'day' : 'days'})`;
}
