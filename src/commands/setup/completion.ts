import { Argument } from '../commander.ts';
import { SHELLS, type Shell } from '../../core/tab-completion/shell-lines.ts';
import { COMPLETION_SCRIPTS } from '../../output/setup/completion-scripts.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Context } from '../context.ts';
import type { CommandInput, RegisterCommand } from '../register.ts';

const HELP = `
Completes commands, flags, values of flags, models of the stored catalogue, aliases, favorites,
budgets, conversations and templates; never asks the network. orx must be in the PATH. To install it:

  bash        echo 'source <(orx completion bash)' >> ~/.bashrc
              with bash 3.2, that of macOS: orx completion bash > ~/.orx-completion.bash
              echo 'source ~/.orx-completion.bash' >> ~/.bashrc
  zsh         echo 'source <(orx completion zsh)' >> ~/.zshrc     behind the line with compinit
  fish        orx completion fish > ~/.config/fish/completions/orx.fish
  powershell  orx completion powershell >> $PROFILE

Then open a new shell. The models are those that orx models fetched last. See docs/completion.md.`;

export const registerCompletion: RegisterCommand = (program, execute) => {
  const command = program
    .command('completion')
    .description('Print the script that completes command lines of orx in your shell.')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText('after', HELP);
  execute(command, () => Promise.resolve({ parse: parseShell, run: printScript }));
};

/** commander takes no other words. */
function parseShell({ words: [shell] }: CommandInput): Shell {
  return shell as Shell;
}

async function printScript(shell: Shell, { terminal }: Context): Promise<number> {
  await write(terminal.streams.stdout, COMPLETION_SCRIPTS[shell]);
  return 0;
}
