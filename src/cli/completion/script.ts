import type { CommandSpec } from '#cli/command.ts';
import { bashScript } from '#cli/completion/bash.ts';
import { fishScript } from '#cli/completion/fish.ts';
import { completionsOf } from '#cli/completion/offers.ts';
import { zshScript } from '#cli/completion/zsh.ts';
import type { SHELLS } from '#cli/specs/words.ts';

/** What has this shell complete heph's words. */
export function completionFor(
  shell: (typeof SHELLS)[number],
  commands: readonly CommandSpec[],
): string {
  const completions = completionsOf(commands);
  switch (shell) {
    case 'bash':
      return bashScript(completions);
    case 'zsh':
      return zshScript(completions);
    case 'fish':
      return fishScript(completions);
  }
}
