import { usageError } from '../../../errors.ts';
import type { FileLane } from '../test-case.ts';
import { checkKeys, checkParameters, isKnownKey } from './promptfoo-keys.ts';
import { usageReason } from './promptfoo-tests.ts';
import { isCodeReference, type References } from './references.ts';
import { itemsIn, objectOf, type ReadEvent, type ReadingNotes, scalarIn, unreadable } from './source.ts';

/** Fields of `config` that are part of a request. Anything else, such as an address or a key, is no concern of a lane. */
const PARAMETERS = [
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
];

/** The models of a configuration, and the providers that cannot be read. */
export interface ReadLanes {
  lanes: FileLane[];
  problems: ReadEvent[];
}

/** Reads the models of a configuration. What orx cannot ask is noted. `lineOf` finds the line of an entry. Throws kind `usage`. */
export async function readLanes(
  value: unknown,
  file: string,
  references: References,
  notes: ReadingNotes,
  lineOf: (index: number) => number | undefined,
): Promise<ReadLanes> {
  const lanes: FileLane[] = [];
  const problems: ReadEvent[] = [];
  const add = async (entry: unknown, from: string, line: number | undefined): Promise<void> => {
    const text = scalarIn(entry);
    if (text?.startsWith('file://') === true && /\.(?:ya?ml|json)$/i.test(text)) {
      for (const path of await references.paths(text, from)) {
        const { value: listed, lineOf: lineIn } = await references.document(path);
        for (const [index, one] of itemsIn(listed).entries()) await add(one, path, lineIn(Array.isArray(listed) ? [index] : []));
      }
      return;
    }
    let lane: FileLane;
    try {
      lane = text === undefined ? laneOf(entry, notes) : { id: text, parameters: {}, ...modelOf(text) };
    } catch (error) {
      problems.push(unreadable({ file: from, line }, usageReason(error)));
      return;
    }
    if (lane.notRun !== undefined) notes.addNotRun('provider', lane.id, lane.notRun);
    lanes.push(lane);
  };
  for (const [index, entry] of itemsIn(value).entries()) await add(entry, file, lineOf(index));
  return { lanes, problems };
}

function laneOf(entry: unknown, notes: ReadingNotes): FileLane {
  const fields = objectOf(entry);
  const [only] = Object.keys(fields ?? {});
  // { 'openai:gpt-4': { config: … } }
  const isMap =
    fields !== undefined &&
    fields['id'] === undefined &&
    only !== undefined &&
    !isKnownKey(only, 'provider') &&
    objectOf(fields[only]) !== undefined;
  const own = isMap ? objectOf(fields[only])! : (fields ?? {});
  checkKeys(own, 'provider', notes);
  checkParameters(objectOf(own['config']) ?? {}, PARAMETERS);
  const id = isMap ? (scalarIn(own['id']) ?? only) : scalarIn(own['id']);
  if (id === undefined) throw usageError('a provider has no id');
  const parameters = Object.fromEntries(
    Object.entries(objectOf(own['config']) ?? {}).filter(([key]) => PARAMETERS.includes(key)),
  );
  const prompts = own['prompts'] === undefined ? undefined : itemsIn(own['prompts']).flatMap((one) => scalarIn(one) ?? []);
  return { id, label: scalarIn(own['label']), parameters, prompts, ...modelOf(id) };
}

/** Author and model, without a provider. */
const IS_MODEL = /^[\w.-]+\/[\w.-]+(?::[\w.-]+)?$/;

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
      return /^(?:gemini|gemma)/.test(last) ? { model: `google/${last}` } : unknownLane(id);
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
      return unknownLane(id);
  }
}

function unknownLane(id: string): Pick<FileLane, 'notRun'> {
  const advice = IS_MODEL.test(id) ? `; a model of OpenRouter is openrouter:${id}` : '';
  return { notRun: `orx does not know this provider${advice}` };
}
