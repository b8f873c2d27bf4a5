import { type Command, type FlagsOf, Option } from '../commander.ts';
import { common } from '../help-facts.ts';

/** The flags of a matrix: the prompts of a file in all lanes. */
export type MatrixFlags = FlagsOf<typeof matrixFlags>;

const MATRIX = 'Prompts of a file:';

export function matrixFlags(command: Command) {
  const repeated = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];
  return command
    .addOption(common(new Option('--prompts <path>', 'send every prompt of a file or folder')).helpGroup(MATRIX))
    .addOption(new Option('--map <columns>', 'columns to use, such as prompt=q,expected=a').helpGroup(MATRIX).argParser(repeated))
    .addOption(new Option('--expect <type>', 'how to check expected texts, such as icontains').helpGroup(MATRIX))
    .addOption(new Option('--encoding <name>', 'encoding of the files, such as latin1').helpGroup(MATRIX))
    .addOption(new Option('--files-below <folder>', 'folder that the file may refer to (default: its own)').helpGroup(MATRIX))
    .addOption(
      new Option('--filter <text>', 'only cases with this text in id, label or tag (repeatable)')
        .helpGroup(MATRIX)
        .argParser(repeated),
    )
    .addOption(new Option('--cluster <field>', 'treat cases with the same value as one group').helpGroup(MATRIX))
    .addOption(common(new Option('--max-cost <usd>', 'stop before the run costs more than this')).helpGroup(MATRIX))
    .addOption(common(new Option('-y, --yes', 'send without asking about the cost')).helpGroup(MATRIX))
    .addOption(new Option('--min-pass <share>', 'share that must pass, such as 0.9 or 90% (default: 1)').helpGroup(MATRIX))
    .addOption(new Option('--exit-zero', 'exit with 0 even if expectations fail').helpGroup(MATRIX))
    .addOption(common(new Option('--resume [run]', 'continue the latest run of the file, or the given one')).helpGroup(MATRIX))
    .addOption(new Option('--runs', 'list stored runs').helpGroup(MATRIX))
    .addOption(
      new Option('--remove-runs <ids>', 'remove runs: comma-separated ids, an age such as 30d, or all').helpGroup(MATRIX),
    )
    .addOption(
      new Option('--cell-timeout <seconds>', 'time limit of a request with its retries (default: 600)').helpGroup(MATRIX),
    )
    .addOption(new Option('--concurrency <count>', 'maximum concurrent requests per connection (default: 32)').helpGroup(MATRIX))
    .addOption(new Option('--out-file <file>', 'write the results to a file, in the format of -o').helpGroup(MATRIX))
    .addOption(new Option('--force', 'let --out-file overwrite a file').helpGroup(MATRIX));
}
