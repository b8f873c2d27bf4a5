import type { ChatSettings } from '../../core/settings/groups.ts';
import { type ParameterKey, PARAMETER_KEYS, PARAMETERS } from '../../core/settings/parameters.ts';
import { nearestWord } from '../../core/text/near-names.ts';
import { settingText } from '../../core/settings/setting-text.ts';
import { copyWith } from '../../copy-with.ts';
import { usageError } from '../../errors.ts';
import { compareOptions } from '../compare/options.ts';
import { namedModels } from '../compare/lane-options.ts';
import { modelPlans, modelsToCompare } from '../compare/lane-plans.ts';
import { runComparison } from '../compare/comparison.ts';
import { terminalFacts } from '../is-drawable.ts';
import type { StreamCompletion } from '../../apis/completion.ts';
import { modelFor } from './models.ts';
import type { SlashRun, Session } from './session.ts';

export const runModel: SlashRun = async (session, rest) => {
  if (rest === '') throw usageError(`the model is ${session.settings.model}`, 'use another model: /model MODEL');
  const id = await modelFor(session, rest);
  const wasPinned = session.unpin();
  session.set('model', id);
  session.transcript.useModel(id);
  session.printText(`now using ${id}${wasPinned ? '; no provider is pinned any more' : ''}`);
};

/** `/pin` and `/pin -`: only the endpoint that answered last may answer, or any. */
export const runPin: SlashRun = async (session, rest) => {
  if (rest === '-') return session.printText(session.unpin() ? 'no provider is pinned any more' : 'no provider is pinned');
  if (rest !== '') throw usageError('/pin takes no name', 'pin the provider of the last answer: /pin', 'pin none: /pin -');
  session.printText(`pinned to ${await session.pin()}; pin none: /pin -`);
};

export const runSystem: SlashRun = (session, rest) => {
  if (rest !== '') session.set('system', rest === '-' ? undefined : rest);
  const { system } = session.settings;
  session.printText(system === undefined ? 'there is no system prompt' : `system prompt: ${system}`);
};

export const runParams: SlashRun = (session, rest) => {
  const [name = '', ...words] = rest.split(/\s+/);
  if (name === '') {
    const set = PARAMETER_KEYS.filter((key) => session.settings[key] !== undefined);
    for (const key of set) session.printText(`${key} ${settingText(session.settings[key])}`, 'plain');
    if (set.length === 0) session.printText('all parameters have their defaults; type /params and a space to list them');
    return;
  }
  const key = PARAMETER_KEYS.find((known) => known === name);
  if (key === undefined) {
    const near = nearestWord(name, PARAMETER_KEYS);
    throw usageError(
      `unknown parameter ${name}`,
      near === undefined ? 'list the parameters: /params' : `did you mean: /params ${near}`,
    );
  }
  const value = words.join(' ');
  if (value !== '') session.set(key, value === '-' ? undefined : parsed(key, value));
  const now = session.settings[key];
  session.printText(now === undefined ? `${key} is the default of the provider` : `${key} is ${settingText(now)}`);
};

function parsed<K extends ParameterKey>(key: K, value: string): ChatSettings[K] {
  return PARAMETERS[key].parse(value) as ChatSettings[K];
}

/**
 * `/compare`: sends the last message, without the conversation, to the current model and others. Shows the answers side by side
 * while they stream, then in the transcript.
 */
export const runCompare: SlashRun = async (session, rest, signal) => {
  const question = session.transcript.lastQuestion();
  if (question === undefined) throw usageError('there is no message to compare yet', 'send a message first');
  if (rest === '') throw usageError('no model to compare with', 'name one or more: /compare openai/gpt-4o-mini');
  const { context, settings } = session;
  const named = [settings.model, ...rest.split(/[\s,]+/)];
  const options = compareOptions(
    { isQuiet: session.options.isQuiet, isRaw: !session.options.isMarkdown },
    settings,
    terminalFacts(context),
  );
  const ids: string[] = [];
  for (const name of namedModels(named).models) ids.push(name === settings.model ? name : await modelFor(session, name));
  const plans = modelPlans(modelsToCompare(ids), question.content, settings).map((plan) =>
    plan.model === settings.model ? plan : copyWith(plan, { settings: session.unpinned }),
  );
  // Stopping the comparison does not end the conversation.
  const inner = { ...context, lifetime: { ...context.lifetime, interrupt: signal } };
  const part = {
    conversation: session.chat.accounting.conversation,
    counted: (stream: StreamCompletion) => countedLane(session, stream),
  };
  await session.withTerminal(() => runComparison(plans, settings, options, inner, part));
};

/** Counts a lane as an answer of the conversation. One that breaks off without usage has an unknown cost. */
function countedLane(session: Session, stream: StreamCompletion): StreamCompletion {
  const counted = session.counted(stream);
  return async function* lane(request, options) {
    let isUnbilled = false;
    try {
      for await (const event of counted(request, options)) {
        if (event.type === 'response-start') isUnbilled = true;
        if (event.type === 'usage' || event.type === 'response-end') isUnbilled = false;
        if (event.type === 'response-end') session.tally.answers += 1;
        yield event;
      }
    } finally {
      if (isUnbilled) session.tally.unknown += 1;
    }
  };
}
