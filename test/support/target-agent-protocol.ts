/** What goes to the agent in a target. */
export interface AgentRequest {
  id: number;
  /** A member of `Files`, or `run`, `probe`, `signal`. */
  name: string;
  args: unknown[];
}

/** What comes back: one of the two. */
export interface AgentReply {
  id: number;
  value?: unknown;
  error?: { message: string; code: string | null };
}

/** A message as one line, to whatever reader: some end a line at U+2028 and U+2029 as well. */
export function lineOf(message: AgentRequest | AgentReply): string {
  const escaped = (char: string) => `\\u${char.charCodeAt(0).toString(16)}`;
  return `${JSON.stringify(message).replaceAll(/[\u2028\u2029]/g, escaped)}\n`;
}
