/**
 * The index of the search is made anew, by other rules for what is a word; the
 * words themselves come from `store/text-index.ts`, as after each migration.
 */
export const sql = `
INSERT INTO search (search) VALUES ('delete-all');
`;
