import { nameOf } from '#core/text.ts';
import type { ReadHandler } from '#daemon/world.ts';
import { shortId } from '#store/nodes.ts';
import { keysLike, nodesLike, outstandingNow, tagsLike, type Named } from '#store/complete.ts';

const WORDS_MAX = 100;

/** What a shell or an editor may offer for a word that was begun. */
export const complete: ReadHandler<'complete'> = ({ sql, clock }, { what, prefix }) => {
  const asWord = (text: string) => ({ word: text, hint: '' });
  const byId = ({ id, title }: Named) => ({ word: shortId(sql, id), hint: title });
  switch (what) {
    case 'tag':
      return { rows: tagsLike(sql, prefix, WORDS_MAX).map(asWord) };
    case 'key':
      return { rows: keysLike(sql, prefix, WORDS_MAX).map(asWord) };
    case 'project':
      return {
        rows: nodesLike(sql, 'project', nameOf(prefix), WORDS_MAX).map(({ title }) =>
          asWord(title),
        ),
      };
    case 'doc':
      return {
        rows: nodesLike(sql, 'doc', nameOf(prefix), WORDS_MAX).map(({ title }) => asWord(title)),
      };
    case 'task': {
      const rows = outstandingNow(sql, clock.today(), WORDS_MAX).map(byId);
      return { rows: rows.filter(({ word }) => word.startsWith(prefix.toUpperCase())) };
    }
  }
};
