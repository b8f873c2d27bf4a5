import type { ChatSettings, ConnectionSettings } from '../../core/settings/groups.ts';
import type { RequestOverrides } from '../../core/request/chat-request.ts';
import type { Transcript } from '../../core/conversation/transcript.ts';
import { scopeOf } from '../../core/model-id/catalogue-scope.ts';
import { isSameModel } from '../../core/model-id/served-model.ts';
import { pipeline, type PipelineOptions, pushPipeline } from '../../core/pipeline/pipeline.ts';
import { findListed } from '../../core/models/find-listed.ts';
import type { PushCompletion, StreamCompletion } from '../../apis/completion.ts';
import type { Api } from '../../apis/api.ts';
import type { Journal } from '../../storage/journal/journal.ts';
import type { Context } from '../context.ts';
import type { FinishAnswer } from './finish-answer.ts';
import { catalogueForDoubts } from '../catalogue/asked-model.ts';
import { findStoredModel } from '../stored-model.ts';
import { openAccounting, type RunAccounting } from '../ledger/open-accounting.ts';

/** The API of a chat or compare command, and where its requests are recorded. */
export interface Chat {
  settings: ChatSettings;
  api: Api;
  accounting: RunAccounting;
  stream: StreamCompletion;
  /** The same, but pushed. Absent: the events of `stream` are read. */
  push?: PushCompletion | undefined;
  /** The stream for requests outside of the conversation, such as a summary: recorded only in the ledger. */
  withoutTranscript: StreamCompletion;
  /** Returns whether a model supports tools, as far as the catalog shows. */
  takesTools: (model: string) => Promise<boolean>;
  /** Request fields that do not come from settings. */
  overrides?: RequestOverrides;
  /** Processes an answer before the end of its output: finish-answer.ts. */
  finish?: FinishAnswer;
  /** Where the answers are stored; undefined for a comparison. */
  transcript?: Transcript | undefined;
  /** The journal, if the databases are opened only after the request is sent. */
  journal?: Journal | undefined;
  /** What the receipt need not report again (texts of `dropped` events). */
  reported?: readonly string[] | undefined;
}

/** What a chat needs in addition to its settings, and the name of its template. */
export type ChatExtras = Pick<Chat, 'overrides' | 'finish' | 'transcript' | 'journal' | 'reported'> & {
  template?: string | undefined;
  /** The models of the requests. Default: the model of the settings and its fallback list. */
  models?: readonly string[] | undefined;
  /** The conversation of the requests in the ledger, if there is no transcript. */
  conversation?: string | undefined;
  /** See AccountingOptions. */
  isBatch?: boolean | undefined;
};

/**
 * Opens what all requests of a chat share: the API, the ledger and the pipeline. `command` labels the entries. Throws kind
 * `authentication` if a provider of the models has no key, and kind `credits` if the ledger has budgets and cannot be read.
 */
export async function openChat(
  command: string,
  settings: ChatSettings,
  context: Context,
  extras: ChatExtras = {},
): Promise<Chat> {
  const { template, conversation, isBatch, models = [settings.model, ...(settings.fallback ?? [])], ...more } = extras;
  const api = await context.apis.for(settings).open({ requireKey: true, models });
  const accounting = await openAccounting(command, settings, api, context, {
    template,
    conversation: more.transcript?.id ?? conversation,
    journal: more.journal,
    isBatch,
  });
  const { clock } = context;
  const limitOf = settings.pacing ? await context.apis.for(settings).openLimits() : undefined;
  const stages: Omit<PipelineOptions, 'record'> = {
    ...clock,
    retries: settings.retries,
    longestMs: settings['retry-max-time'] * 1000,
    limitOf,
    random: Math.random,
    ...(settings['strict-model'] && {
      isRequested: async (asked, model) =>
        isSameModel(asked, model, (await catalogueForDoubts([{ asked, model }], settings, context))?.models),
    }),
    findModel: (name) => findStoredModel(name, settings, context),
  };
  const stream = pipeline(api, { ...stages, record: accounting.wrap });
  const push = pushPipeline(api, stream, { ...stages, openRecord: accounting.openRecord });
  return {
    ...more,
    settings,
    api,
    accounting,
    stream: more.transcript?.wrap(stream) ?? stream,
    push: more.transcript?.wrapPushed(push) ?? push,
    withoutTranscript: stream,
    takesTools: (model) => takesTools(model, settings, context),
  };
}

/**
 * Returns whether a model supports tools. Returns true if the catalog does not say or cannot be read, and leaves the decision to
 * the API.
 */
async function takesTools(model: string, settings: ConnectionSettings, context: Context): Promise<boolean> {
  const reading = await context.apis
    .for(settings)
    .readCatalogue({ preferStored: true, signal: context.lifetime.interrupt, scope: scopeOf([model]) })
    .catch(() => undefined);
  const parameters = findListed(model, reading?.catalogue.models ?? [])?.supportedParameters;
  return parameters === undefined || parameters.length === 0 || parameters.includes('tools');
}
