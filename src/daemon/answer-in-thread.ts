import { parentPort } from 'node:worker_threads';
import { HephError } from '#core/errors.ts';
import type { Answer, Question } from '#daemon/side-thread.ts';
import { asHephError } from '#store/problems.ts';

/** The thread's half of `side-thread.ts`: each question is answered before the next. */
export function answerInThread(answer: (question: Question) => string): void {
  parentPort?.on('message', (question: Question) => {
    parentPort?.postMessage(outcome(() => answer(question)));
  });
}

function outcome(answer: () => string): Answer {
  try {
    return { json: answer() };
  } catch (error) {
    const known = asHephError(error);
    if (known instanceof HephError) return { problem: known.problem };
    return { problem: { code: 'internal', detail: String(error) } };
  }
}
