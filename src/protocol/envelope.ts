import { PROTOCOL, VERSION } from '#protocol/version.ts';
import type { Problem } from '#core/errors.ts';

/** JSON-RPC 2.0, the sliver we speak: requests, replies, and notifications. */
export type RequestId = string | number;

export interface Request {
  jsonrpc: '2.0';
  id: RequestId;
  method: string;
  params?: unknown;
}

interface Notification {
  jsonrpc: '2.0';
  method: string;
  params?: unknown;
}

export interface Success {
  jsonrpc: '2.0';
  id: RequestId;
  result: unknown;
}

export interface Failure {
  jsonrpc: '2.0';
  /** Null when the request was so broken that its id could not be read. */
  id: RequestId | null;
  error: { code: number; message: string; data: Problem };
}

/**
 * The first message of either end, sent before anything else. A client speaks
 * only after the daemon's; the daemon serves only after the client's.
 */
interface Hello {
  protocol: number;
  version: string;
}

/** What the daemon's greeting says besides. */
export interface DaemonHello extends Hello {
  pid: number;
  /** Epoch milliseconds at which this process began to answer. */
  started_at: number;
}

export const HELLO = 'hello';

/** Sent for each entry of the change log to those who watch; its params are in `history.ts`. */
export const CHANGED = 'changed';

/** Sent while a long request is at work. */
export const PROGRESS = 'progress';
export interface Progress {
  /** The request. */
  id: RequestId;
  done: number;
  total: number;
}

export function helloLine(more: Partial<DaemonHello> = {}): string {
  const params = { protocol: PROTOCOL, version: VERSION, ...more };
  return JSON.stringify({ jsonrpc: '2.0', method: HELLO, params } satisfies Notification);
}

export function notificationLine(method: string, params: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', method, params } satisfies Notification);
}

export function requestLine(id: RequestId, method: string, params: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params } satisfies Request);
}

/** @param resultJson already JSON, so that a worker's answer is not parsed just to be printed. */
export function successLine(id: RequestId, resultJson: string): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${resultJson}}`;
}

export function failureLine(id: RequestId | null, problem: Problem): string {
  const error = { code: rpcCode(problem), message: problem.code, data: problem };
  return JSON.stringify({ jsonrpc: '2.0', id, error } satisfies Failure);
}

/** JSON-RPC's reserved numbers where they fit, -32000 for all that is ours. */
function rpcCode(problem: Problem): number {
  switch (problem.code) {
    case 'malformed':
      return -32_700;
    case 'unknown_method':
      return -32_601;
    case 'bad_params':
      return -32_602;
    case 'internal':
      return -32_603;
    default:
      return -32_000;
  }
}
