import { Option } from 'commander';

/** The flags `--help` and `--help-all` in one option, because commander supports only one help flag. */
export class HelpOption extends Option {
  /** The last flag found was `--help-all`. */
  isAll = false;

  constructor() {
    super('-h, --help', 'show common flags and examples');
  }

  /** commander calls this for every unknown word. */
  is(word: string): boolean {
    if (word === '--help-all') this.isAll = true;
    return word === '--help-all' || word === this.long || word === this.short;
  }
}
