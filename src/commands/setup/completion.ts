import { Argument } from '../commander.ts';
import { SHELLS, type Shell } from '../../core/tab-completion/shell-lines.ts';
import { COMPLETION_SCRIPTS } from '../../output/setup/completion-scripts.ts';
import { withHelp } from '../help-facts.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Context } from '../context.ts';
import type { CommandInput, RegisterCommand } from '../register.ts';

const HELP = {
  examples: ['source <(orx completion bash)'],
  notes: `
To install it in bash:
  echo 'source <(orx completion bash)' >> ~/.bashrc
In bash 3.2, the one of macOS:
  orx completion bash > ~/.orx-completion.bash
  echo 'source ~/.orx-completion.bash' >> ~/.bashrc
In zsh, after the line with compinit:
  echo 'source <(orx completion zsh)' >> ~/.zshrc
In fish:
  orx completion fish > ~/.config/fish/completions/orx.fish
In PowerShell:
  orx completion powershell >> $PROFILE

Then open a new shell. orx must be in the PATH.
It completes commands, flags and their values, models of the cached catalog, aliases, favorites, budgets, conversations and templates, without network access.`,
};

export const registerCompletion: RegisterCommand = (program, execute) => {
  const command = program
    .command('completion')
    .addArgument(new Argument('<shell>', 'bash, zsh, fish or powershell').choices(SHELLS));
  execute(withHelp(command, HELP), () => Promise.resolve({ parse: parseShell, run: printScript }));
};

/** commander accepts only these words. */
function parseShell({ words: [shell] }: CommandInput): Shell {
  return shell as Shell;
}

async function printScript(shell: Shell, { terminal }: Context): Promise<number> {
  await write(terminal.streams.stdout, COMPLETION_SCRIPTS[shell]);
  return 0;
}
