import { INPUT_MODALITIES, OUTPUT_MODALITIES, SUPPORTED_PARAMETERS } from '../settings/closed-lists.ts';
import type { ValueOutline } from './outline.ts';

const MODEL: ValueOutline = { kind: 'model' };
const FILE: ValueOutline = { kind: 'file' };
const CONVERSATION: ValueOutline = { kind: 'conversation' };
const TEMPLATE: ValueOutline = { kind: 'template' };
const TEMPLATE_OR_FILE: ValueOutline = { kind: 'template', orFile: true };
const SERVER: ValueOutline = { kind: 'server' };
const VENDOR: ValueOutline = { kind: 'vendor' };
const PROFILE: ValueOutline = { kind: 'profile' };

/** Values of flags by long name, if the declaration of the flag does not define them. */
export const FLAG_VALUES: Readonly<Record<string, ValueOutline>> = {
  '--model': MODEL,
  '--judge': MODEL,
  '--fallback': MODEL,
  '--what-if': MODEL,
  '--history': MODEL,
  '--file': FILE,
  '--attach': FILE,
  '--schema': FILE,
  '--tools': FILE,
  '--out-dir': { kind: 'folder' },
  '--project': { kind: 'folder' },
  '--session': CONVERSATION,
  '--cid': CONVERSATION,
  '--template': TEMPLATE_OR_FILE,
  '--mcp': SERVER,
  '--vendor': { kind: 'vendor-scope' },
  '--input': { choices: INPUT_MODALITIES },
  '--output-modalities': { choices: OUTPUT_MODALITIES },
  '--parameter': { choices: SUPPORTED_PARAMETERS },
  '--command': { kind: 'command' },
  '--profile': PROFILE,
};

/** Values of flags that have another meaning for one command, by command name and flag. */
export const FLAG_VALUES_OF: Readonly<Record<string, ValueOutline>> = {
  'usage --out-file': FILE,
  'usage --out': FILE,
  'history export --out-file': FILE,
  'history export --out': FILE,
};

/** Values of positional words, by command name and word. */
export const WORD_VALUES: Readonly<Record<string, ValueOutline>> = {
  'help topic': { choices: ['connection', 'environment', 'exit-codes', 'times'], kind: 'command' },
  'models show model': MODEL,
  'endpoints model': MODEL,
  'price models': MODEL,
  'models diff versions': FILE,
  'cost what': { choices: ['last', 'today', 'week', 'month'], kind: 'recorded-conversation' },
  'budget remove number': { kind: 'budget' },
  'ledger import file': FILE,
  'history show id': CONVERSATION,
  'history export id': CONVERSATION,
  'history fork id': CONVERSATION,
  'history rename id': CONVERSATION,
  'history remove ids': CONVERSATION,
  'templates show name': TEMPLATE_OR_FILE,
  'templates edit name': TEMPLATE,
  'templates path name': TEMPLATE,
  'templates remove name': TEMPLATE,
  'mcp test name': SERVER,
  'mcp remove name': SERVER,
  'vendors add name': VENDOR,
  'vendors remove name': VENDOR,
  'vendors test name': VENDOR,
  'alias add model': MODEL,
  'alias remove name': { kind: 'alias' },
  'fav add model': MODEL,
  'fav remove model': { kind: 'favorite' },
  'profile show name': PROFILE,
  'profile use name': PROFILE,
  'profile set name': PROFILE,
  'profile set key': { kind: 'setting' },
  'profile set value': { kind: 'setting-value' },
  'profile unset name': PROFILE,
  'profile unset key': { kind: 'setting' },
  'profile delete name': PROFILE,
  'config get key': { kind: 'setting' },
  'config set key': { kind: 'setting' },
  'config set value': { kind: 'setting-value' },
  'config unset key': { kind: 'setting' },
};
