import { usageError } from '../../../errors.ts';
import type { FileLane } from '../test-case.ts';
import { isCodeReference, type References } from './references.ts';
import { itemsIn, objectOf, type ReadingNotes, scalarIn } from './source.ts';

/** Fields of `config` that are part of a request. Anything else, such as an address or a key, is no concern of a lane. */
const PARAMETERS = new Set([
  'temperature',
  'max_tokens',
  'max_completion_tokens',
  'top_p',
  'top_k',
  'min_p',
  'frequency_penalty',
  'presence_penalty',
  'repetition_penalty',
  'seed',
  'stop',
  'response_format',
  'tools',
  'tool_choice',
  'reasoning',
  'reasoning_effort',
  'verbosity',
]);

/** Returns the models of a configuration. What orx cannot ask is noted. Throws kind `usage`. */
export async function readLanes(value: unknown, file: string, references: References, notes: ReadingNotes): Promise<FileLane[]> {
  const lanes: FileLane[] = [];
  const add = async (entry: unknown, from: string): Promise<void> => {
    const text = scalarIn(entry);
    if (text?.startsWith('file://') === true && /\.(?:ya?ml|json)$/i.test(text)) {
      for (const path of await references.paths(text, from))
        for (const one of itemsIn((await references.document(path)).value)) await add(one, path);
      return;
    }
    const lane = text === undefined ? laneOf(entry, from) : { id: text, parameters: {}, ...modelOf(text) };
    if (lane.notRun !== undefined) notes.addNotRun('provider', lane.id, lane.notRun);
    lanes.push(lane);
  };
  for (const entry of itemsIn(value)) await add(entry, file);
  return lanes;
}

function laneOf(entry: unknown, file: string): FileLane {
  const fields = objectOf(entry);
  const [only] = Object.keys(fields ?? {});
  // { 'openai:gpt-4': { config: … } }
  const isMap = fields !== undefined && fields['id'] === undefined && only !== undefined && objectOf(fields[only]) !== undefined;
  const own = isMap ? objectOf(fields[only])! : (fields ?? {});
  const id = isMap ? (scalarIn(own['id']) ?? only) : scalarIn(own['id']);
  if (id === undefined) throw usageError(`${file}: a provider has no id`);
  const parameters = Object.fromEntries(Object.entries(objectOf(own['config']) ?? {}).filter(([key]) => PARAMETERS.has(key)));
  const prompts = own['prompts'] === undefined ? undefined : itemsIn(own['prompts']).flatMap((one) => scalarIn(one) ?? []);
  return { id, label: scalarIn(own['label']), parameters, prompts, ...modelOf(id) };
}

/** Returns the model id that a provider of promptfoo stands for, or why there is none. */
function modelOf(id: string): Pick<FileLane, 'model' | 'notRun'> {
  if (isCodeReference(id)) return { notRun: 'orx does not run code from files' };
  const [vendor = '', ...rest] = id.split(':');
  const last = rest.join(':');
  const model = (kinds: RegExp): string => last.replace(kinds, '');
  switch (vendor) {
    case 'openrouter':
      return { model: last };
    case 'openai':
      return { model: `openai/${model(/^(?:chat|responses|completion):/)}` };
    case 'anthropic':
      return { model: `anthropic/${model(/^(?:messages|completion):/)}` };
    case 'google':
    case 'vertex':
      return /^(?:gemini|gemma)/.test(last) ? { model: `google/${last}` } : unknownLane();
    case 'mistral':
      return { model: `mistralai/${last}` };
    case 'deepseek':
      return { model: `deepseek/${last}` };
    case 'xai':
      return { model: `x-ai/${last}` };
    case 'ollama':
      return { model: `ollama:${model(/^(?:chat|completion):/)}` };
    case 'groq':
      return { model: `groq:${last}` };
    default:
      return unknownLane();
  }
}

function unknownLane(): Pick<FileLane, 'notRun'> {
  return { notRun: 'orx does not know this provider' };
}
