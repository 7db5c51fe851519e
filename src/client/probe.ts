import { ClientError } from '#client/errors.ts';
import { Session, type Limits } from '#client/session.ts';
import type { DaemonHello } from '#protocol/envelope.ts';
import type { Dialer } from '#protocol/transport.ts';

const LIMITS: Limits = { dialMs: 2000, greetingMs: 3000, answerMs: 3000 };

/** What a handshake tells of whoever listens. */
export type Greeting =
  | { kind: 'answers'; hello: DaemonHello }
  | { kind: 'silent' }
  | { kind: 'nobody' };

/** Connect, read the greeting, leave: the proof that a daemon answers. Never rejects. */
export async function greetingOf(dialer: Dialer, socket: string): Promise<Greeting> {
  let heard: DaemonHello | null = null;
  try {
    const { session, hello } = await Session.open(
      dialer,
      socket,
      LIMITS,
      (early) => (heard = early),
    );
    session.close();
    return { kind: 'answers', hello };
  } catch (error) {
    // One that speaks another protocol answers all the same.
    if (heard !== null) return { kind: 'answers', hello: heard };
    return { kind: error instanceof ClientError ? 'silent' : 'nobody' };
  }
}
