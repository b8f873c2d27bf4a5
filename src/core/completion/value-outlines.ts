import { DATA_POLICIES, ROUTE_SORTS } from '../settings.ts';
import type { ValueOutline } from './outline.ts';

const MODEL: ValueOutline = { kind: 'model' };
const FILE: ValueOutline = { kind: 'file' };

/** Values of flags, by long name, where the declaration of the flag does not say itself what they are. */
export const FLAG_VALUES: Readonly<Record<string, ValueOutline>> = {
  '--model': MODEL,
  '--fallback': MODEL,
  '--what-if': MODEL,
  '--history': MODEL,
  '--file': FILE,
  '--attach': FILE,
  '--project': { kind: 'folder' },
  '--data-policy': { choices: DATA_POLICIES },
  '--route-by': { choices: ROUTE_SORTS },
  '--command': { kind: 'command' },
};

/** Flags that mean something else at one command, by its name and their own. */
export const FLAG_VALUES_OF: Readonly<Record<string, ValueOutline>> = {
  'usage --out': FILE,
};

/** Positional words, by the command's name and their own. */
export const WORD_VALUES: Readonly<Record<string, ValueOutline>> = {
  'models show model': MODEL,
  'endpoints model': MODEL,
  'price models': MODEL,
  'models diff moments': FILE,
  'cost what': { choices: ['last', 'today', 'week', 'month'], kind: 'conversation' },
  'budget remove number': { kind: 'budget' },
  'ledger import file': FILE,
  'alias set model': MODEL,
  'alias remove name': { kind: 'alias' },
  'fav add model': MODEL,
  'fav remove model': { kind: 'favourite' },
  'config get key': { kind: 'setting' },
  'config set key': { kind: 'setting' },
  'config set value': { kind: 'setting-value' },
  'config unset key': { kind: 'setting' },
};
