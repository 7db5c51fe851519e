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
