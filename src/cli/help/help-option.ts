import { Option } from 'commander';

/** `--help`, and `--help-all` in its place: commander has one flag for help. */
export class HelpOption extends Option {
  /** The flag that was found last is `--help-all`. */
  isAll = false;

  constructor() {
    super('-h, --help', 'show common flags and examples');
  }

  /** commander asks this of every word that it does not know. */
  is(word: string): boolean {
    if (word === '--help-all') this.isAll = true;
    return word === '--help-all' || word === this.long || word === this.short;
  }
}
