import { type ParameterKey, PARAMETER_KEYS, PARAMETERS } from '../../core/settings/parameters.ts';
import { nearestWord } from '../../core/text/near-names.ts';
import { settingText } from '../../core/settings/find.ts';
import type { Settings } from '../../core/settings/settings.ts';
import { usageError } from '../../errors.ts';
import { compareOptions, lanesOf } from '../compare/options.ts';
import { runComparison } from '../compare/run.ts';
import type { StreamCompletion } from '../../apis/completion.ts';
import type { Context } from '../context.ts';
import { modelFor } from './models.ts';
import type { SlashRun, TalkSession } from './session.ts';

export const runModel: SlashRun = async (talk, rest) => {
  if (rest === '') throw usageError(`the model is ${talk.settings.model}`, 'name another: /model and a part of its name');
  const id = await modelFor(talk, rest);
  talk.set('model', id);
  talk.transcript.useModel(id);
  talk.say(`from now on ${id} answers`);
};

export const runSystem: SlashRun = (talk, rest) => {
  if (rest !== '') talk.set('system', rest === '-' ? undefined : rest);
  const { system } = talk.settings;
  talk.say(system === undefined ? 'there is no system prompt' : `system prompt: ${system}`);
};

export const runParams: SlashRun = (talk, rest) => {
  const [name = '', ...words] = rest.split(/\s+/);
  if (name === '') {
    const set = PARAMETER_KEYS.filter((key) => talk.settings[key] !== undefined);
    for (const key of set) talk.say(`${key} ${settingText(talk.settings[key])}`, 'plain');
    if (set.length === 0) talk.say('all parameters are the defaults of the provider; /params and tab shows their names');
    return;
  }
  const key = PARAMETER_KEYS.find((known) => known === name);
  if (key === undefined) {
    const near = nearestWord(name, PARAMETER_KEYS);
    throw usageError(
      `there is no parameter ${name}`,
      near === undefined ? '/params and tab shows their names' : `try /params ${near}`,
    );
  }
  const value = words.join(' ');
  if (value !== '') talk.set(key, value === '-' ? undefined : parsed(key, value));
  const now = talk.settings[key];
  talk.say(now === undefined ? `${key} is the default of the provider` : `${key} is ${settingText(now)}`);
};

function parsed<K extends ParameterKey>(key: K, value: string): Settings[K] {
  return PARAMETERS[key].parse(value) as Settings[K];
}

/** The last message, alone, against other models: side by side while they answer, then in the transcript. */
export const runCompare: SlashRun = async (talk, rest, signal) => {
  const question = talk.transcript.lastQuestion();
  if (question === undefined) throw usageError('there is no message to compare answers to', 'type one and press enter');
  if (rest === '') throw usageError('compare with which models?', 'name one or more, such as: /compare openai/gpt-4o-mini');
  const { context, settings } = talk;
  const named = [settings.model, ...rest.split(/[\s,]+/)];
  const options = compareOptions({ model: named, quiet: talk.options.isQuiet, raw: !talk.options.isMarkdown }, settings, context);
  const ids: string[] = [];
  for (const name of options.models) ids.push(name === settings.model ? name : await modelFor(talk, name));
  // What stops the comparison does not end the conversation.
  const inner = Object.create(context, { interrupt: { value: signal } }) as Context;
  const part = { conversation: talk.chat.book.conversation, counted: (stream: StreamCompletion) => countedLane(talk, stream) };
  await talk.outside(() => runComparison(question.content, settings, lanesOf(options, ids), inner, part));
};

/** A lane is an answer of the conversation; one that breaks off without usage has a cost that nobody knows. */
function countedLane(talk: TalkSession, stream: StreamCompletion): StreamCompletion {
  const counted = talk.counted(stream);
  return async function* lane(request, options) {
    let isUnbilled = false;
    try {
      for await (const event of counted(request, options)) {
        if (event.type === 'response-start') isUnbilled = true;
        if (event.type === 'usage' || event.type === 'response-end') isUnbilled = false;
        if (event.type === 'response-end') talk.tally.answers += 1;
        yield event;
      }
    } finally {
      if (isUnbilled) talk.tally.unknown += 1;
    }
  };
}
