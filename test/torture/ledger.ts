import { DatabaseSync } from 'node:sqlite';

/** What a client knows of one task that it filed. */
interface Known {
  title: string;
  /** Null while it was never acknowledged. */
  id: string | null;
  /** Tokens that were appended to its context, in this client's order, and acknowledged or not. */
  tokens: Map<string, boolean>;
  /** States that it may be in: those of a change under way are added, and one acknowledged is alone. */
  states: Set<string>;
}

/**
 * What was asked of a daemon, and what it acknowledged: kept by the clients
 * themselves, and never read back from the store.
 */
export class Ledger {
  readonly #tasks = new Map<string, Known>();
  acknowledged = 0;

  filing(title: string): void {
    this.#tasks.set(title, {
      title,
      id: null,
      tokens: new Map(),
      states: new Set(['outstanding']),
    });
  }

  filed(title: string, id: string): void {
    this.acknowledged++;
    this.#known(title).id = id;
  }

  appending(title: string, token: string): void {
    this.#known(title).tokens.set(token, false);
  }

  appended(title: string, token: string): void {
    this.acknowledged++;
    this.#known(title).tokens.set(token, true);
  }

  closing(title: string, state: string): void {
    this.#known(title).states.add(state);
  }

  closed(title: string, state: string): void {
    this.acknowledged++;
    this.#known(title).states = new Set([state]);
  }

  /** Where the store says something else: lost, doubled, or never asked for. */
  problems(path: string): string[] {
    using db = new DatabaseSync(path, { readOnly: true });
    const rows = db
      .prepare(
        `SELECT id, title, state, text FROM nodes JOIN tasks USING (n) LEFT JOIN bodies USING (n)`,
      )
      .all() as { id: string; title: string; state: string; text: string | null }[];
    const byTitle = Map.groupBy(rows, ({ title }) => title);
    const strange = [...byTitle.keys()].filter((title) => !this.#tasks.has(title));
    return [
      ...strange.map((title) => `${title}: nobody filed it`),
      ...[...this.#tasks.values()].flatMap((known) =>
        this.#problemsOf(known, byTitle.get(known.title) ?? []),
      ),
    ];
  }

  #problemsOf(
    { title, id, tokens, states }: Known,
    rows: { id: string; state: string; text: string | null }[],
  ): string[] {
    const [row] = rows;
    if (rows.length > 1) return [`${title}: it is there ${rows.length} times`];
    if (row === undefined) return id === null ? [] : [`${title}: acknowledged as ${id}, and lost`];
    const problems: string[] = [];
    if (id !== null && row.id !== id) problems.push(`${title}: ${row.id} in place of ${id}`);
    if (!states.has(row.state)) problems.push(`${title}: ${row.state}, not ${[...states].join()}`);
    const lines = Map.groupBy((row.text ?? '').split('\n').filter(Boolean), (line) => line);
    for (const [token, isAcknowledged] of tokens) {
      const count = lines.get(token)?.length ?? 0;
      if (count > 1) problems.push(`${title}: ${token} is there ${count} times`);
      if (count === 0 && isAcknowledged) problems.push(`${title}: ${token} is lost`);
      lines.delete(token);
    }
    for (const line of lines.keys()) problems.push(`${title}: nobody wrote ${line}`);
    return problems;
  }

  #known(title: string): Known {
    const known = this.#tasks.get(title);
    if (known === undefined) throw new Error(`nobody filed ${title}`);
    return known;
  }
}
