import type { NodeKind } from '#core/node.ts';

/** A node as an error names it: enough to tell candidates apart. */
export interface NodeRef {
  node_id: string;
  kind: NodeKind;
  title: string;
}

/**
 * Everything that can go wrong with a well-formed request, as data. The daemon
 * says *what* is wrong; each surface finds its own words (`cli/explain.ts`).
 * Codes are only ever added.
 */
export type Problem =
  | { code: 'not_found'; kind: NodeKind | 'node'; ref: string }
  | { code: 'ambiguous'; ref: string; candidates: NodeRef[] }
  | { code: 'bad_date'; field: string; text: string }
  | { code: 'wrong_kind'; ref: string; wanted: NodeKind; is: NodeRef }
  | { code: 'deleted'; is: NodeRef }
  | { code: 'bad_recurrence'; text: string; why: 'words' | 'never' }
  | { code: 'not_recurring'; task: NodeRef }
  | { code: 'bad_value'; field: string; text: string; allowed: string }
  | {
      code: 'too_long';
      field: string;
      max: number;
      actual: number;
      unit: 'characters' | 'bytes' | 'items';
    }
  | { code: 'conflict'; ref: string }
  | { code: 'no_import'; import_id: string }
  | { code: 'no_export'; export_id: string }
  | { code: 'bad_backup'; path: string; why: string }
  | { code: 'no_update'; reason: string; message: string; hint: string | null }
  | { code: 'request_reused'; request_id: string }
  | { code: 'malformed'; detail: string }
  | { code: 'unknown_method'; method: string }
  | { code: 'bad_params'; method: string; detail: string }
  | { code: 'protocol_mismatch'; daemon: number; client: number }
  | { code: 'timeout'; method: string; limit_ms: number }
  | { code: 'draining' }
  | { code: 'no_memory' }
  | { code: 'store_full' }
  | { code: 'store_busy' }
  | { code: 'store_readonly' }
  | { code: 'store_damaged'; detail: string }
  | { code: 'internal'; detail: string };

/** The one error type that carries a {@link Problem} through the daemon. */
export class HephError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.code, options);
    this.name = 'HephError';
    this.problem = problem;
  }
}
