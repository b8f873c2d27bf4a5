import type { ChatSettings, ConnectionSettings } from '../../core/settings/groups.ts';
import type { RequestOverrides } from '../../core/request/chat-request.ts';
import type { Transcript } from '../../core/conversation/transcript.ts';
import { scopeOf } from '../../core/model-id/catalogue-scope.ts';
import { pipeline } from '../../core/pipeline/pipeline.ts';
import { findListed } from '../../core/models/find-listed.ts';
import type { StreamCompletion } from '../../apis/completion.ts';
import type { Api } from '../../apis/api.ts';
import type { Context } from '../context.ts';
import type { FinishAnswer } from './finish-answer.ts';
import { findStoredModel } from '../stored-model.ts';
import { openAccounting, type RunAccounting } from '../ledger/open-accounting.ts';

/** Which API one run of chat or compare asks, and where that is recorded. */
export interface Chat {
  settings: ChatSettings;
  api: Api;
  accounting: RunAccounting;
  stream: StreamCompletion;
  /** The same for what belongs to no conversation, such as a summary: recorded in the ledger alone. */
  withoutTranscript: StreamCompletion;
  /** Whether a model takes tools, as far as the catalogue knows. */
  takesTools: (model: string) => Promise<boolean>;
  /** What its requests hold besides what settings say. */
  overrides?: RequestOverrides;
  /** Checks an answer before it is shown to the end: finish-answer.ts. */
  finish?: FinishAnswer;
  /** Where the answers are stored; a comparison has none. */
  transcript?: Transcript | undefined;
}

/** What a chat holds besides its settings, and the template that it was made from. */
export type ChatExtras = Pick<Chat, 'overrides' | 'finish' | 'transcript'> & {
  template?: string | undefined;
  /** Who will be asked. Default: the model of the settings and its fallback list. */
  models?: readonly string[] | undefined;
  /** Whose requests these are in the ledger, where there is no transcript. */
  conversation?: string | undefined;
};

export async function openChat(
  command: string,
  settings: ChatSettings,
  context: Context,
  extras: ChatExtras = {},
): Promise<Chat> {
  const { template, conversation, models = [settings.model, ...(settings.fallback ?? [])], ...more } = extras;
  const api = await context.apis.for(settings).open({ requireKey: true, models });
  const accounting = await openAccounting(command, settings, api, context, {
    template,
    conversation: more.transcript?.id ?? conversation,
  });
  const { clock } = context;
  const stream = pipeline(api, {
    ...clock,
    retries: settings.retries,
    random: Math.random,
    record: accounting.wrap,
    findModel: (name) => findStoredModel(name, settings, context),
  });
  return {
    ...more,
    settings,
    api,
    accounting,
    stream: more.transcript?.wrap(stream) ?? stream,
    withoutTranscript: stream,
    takesTools: (model) => takesTools(model, settings, context),
  };
}

/** Whether a model takes tools. True where the catalogue does not say, or cannot be read: the API knows better. */
async function takesTools(model: string, settings: ConnectionSettings, context: Context): Promise<boolean> {
  const reading = await context.apis
    .for(settings)
    .readCatalogue({ preferStored: true, signal: context.lifetime.interrupt, scope: scopeOf([model]) })
    .catch(() => undefined);
  const parameters = findListed(model, reading?.catalogue.models ?? [])?.supportedParameters;
  return parameters === undefined || parameters.length === 0 || parameters.includes('tools');
}
