import type { Api } from '../../apis/api.ts';
import type { Caller, ChatRequest, CompletionEvent, PushCompletion, StreamCompletion } from '../../apis/completion.ts';
import { pushOf } from '../../apis/push-events.ts';
import type { Embed } from '../../apis/embeddings.ts';
import type { Rerank } from '../../apis/rerank.ts';
import { OrxError } from '../../errors.ts';
import type { ClientKey } from '../../storage/client-keys.ts';
import { patternMatcher } from '../../text/patterns.ts';
import { badRequest } from '../bad-request.ts';
import { modelForbidden } from './client-errors.ts';
import type { LimitedRequest } from './client-limits.ts';
import { callerTags } from './client-tags.ts';
import { describeClientCredits, describeClientKey } from './describe-client.ts';
import type { ClientSpending } from './client-spending.ts';

/** Rough size of a prompt: sufficient for a limit that is later corrected by the actual count. */
const CHARACTERS_PER_TOKEN = 4;

/** The gateway keeps a state for each name, and clients choose the names. */
const LONGEST_MODEL = 500;

export interface ApiClient {
  /** Undefined when clients need no key. */
  key?: ClientKey | undefined;
  limits?: LimitedRequest | undefined;
  /** Tags from a header of the request. */
  headerTags: string | undefined;
  spending: ClientSpending;
}

/**
 * Returns the API with what one client may use: its models, limits and budgets. The client's name is recorded in the ledger. A
 * client with a key learns nothing about the provider keys or about other clients.
 */
export function clientApi(api: Api, client: ApiClient): Api {
  const asked: Api = {
    ...api,
    streamCompletion: clientStream(api.streamCompletion, client),
    pushCompletion: clientPush(pushOf(api), client),
    countTokens: clientCount(api, client),
    ...(api.embed !== undefined && { embed: clientEmbed(api.embed, client) }),
    ...(api.rerank !== undefined && { rerank: clientRerank(api.rerank, client) }),
  };
  const { key } = client;
  return key === undefined ? asked : { ...asked, ...ownView(api, key, client.spending) };
}

/** Returns a function that tests whether a key may use a model. */
function modelMatcher({ models }: Pick<ClientKey, 'models'>): (model: string) => boolean {
  const matchers = models?.map(patternMatcher);
  return (model) => matchers === undefined || matchers.some((matches) => matches(model));
}

function clientStream(stream: StreamCompletion, client: ApiClient): StreamCompletion {
  const begin = beginner(client);
  return (request, options) => {
    const begun = begin(askedBy(request));
    const events = stream(request, { ...options, caller: begun.caller });
    return begun.setTokens === undefined ? events : counted(events, begun.setTokens);
  };
}

function clientPush(push: PushCompletion, client: ApiClient): PushCompletion {
  const begin = beginner(client);
  return async (request, options, sink) => {
    const { caller, setTokens } = begin(askedBy(request));
    const call = { ...options, caller };
    if (setTokens === undefined) return push(request, call, sink);
    return push(request, call, {
      see(event) {
        if (event.type === 'usage') setTokens(event.usage.totalTokens);
        sink.see(event);
      },
      ready: () => sink.ready?.(),
    });
  };
}

function askedBy({ model, fallbackModels = [], messages, maxTokens, wishes, user, extra }: ChatRequest): AskedOfModel {
  return { models: [model, ...fallbackModels], content: messages, maxTokens, tags: wishes?.tags, user: user ?? extra?.['user'] };
}

function clientEmbed(embed: Embed, client: ApiClient): Embed {
  const begin = beginner(client);
  return async (request, options) => {
    const begun = begin({ models: [request.model], content: request.inputs, tags: request.tags, user: request.user });
    const embeddings = await embed(request, { ...options, caller: begun.caller });
    if (embeddings.usage !== undefined) begun.setTokens?.(embeddings.usage.totalTokens);
    return embeddings;
  };
}

function clientRerank(rerank: Rerank, client: ApiClient): Rerank {
  const begin = beginner(client);
  return async (request, options) => {
    const begun = begin({ models: [request.model], content: [request.query, request.documents], tags: request.tags });
    const ranking = await rerank(request, { ...options, caller: begun.caller });
    const tokens = ranking.usage?.totalTokens ?? 0;
    // Some vendors count only searches.
    if (tokens > 0) begun.setTokens?.(tokens);
    return ranking;
  };
}

/** The facts of a request for limits and the ledger. */
interface AskedOfModel {
  models: readonly string[];
  content: unknown;
  maxTokens?: number | undefined;
  tags?: readonly string[] | undefined;
  user?: unknown;
}

interface BegunRequest {
  caller: Caller;
  /** Undefined when tokens are not limited. */
  setTokens?: ((tokens: number) => void) | undefined;
}

/**
 * Returns a function that begins a request of the client. It throws status 403 for a model that the client may not use, and 429
 * when the client exceeds its token limit.
 */
function beginner(client: ApiClient): (asked: AskedOfModel) => BegunRequest {
  const { key, limits } = client;
  const admit = admission(client);
  return (asked) => {
    const caller = admit(asked);
    if (key?.tokensPerMinute === undefined || limits === undefined) return { caller };
    return { caller, setTokens: limits.countTokens(sizeOf(asked.content) + (asked.maxTokens ?? 0)) };
  };
}

/** Returns a function that returns the sender of a request. It throws status 403 for a model that the client may not use. */
function admission({ key, headerTags }: ApiClient): (asked: Omit<AskedOfModel, 'content'>) => Caller {
  const isAllowed = modelMatcher(key ?? {});
  return ({ models, tags = [], user }) => {
    for (const model of models) {
      if (model.length > LONGEST_MODEL) throw modelTooLong(model);
      if (!isAllowed(model)) throw modelForbidden(model);
    }
    return { key: key?.name, tags: callerTags(key, headerTags, tags), ...(typeof user === 'string' && { user }) };
  };
}

/** A count uses no tokens, so the token limit of the client does not apply. */
function clientCount({ countTokens }: Api, client: ApiClient): Api['countTokens'] {
  const admit = admission(client);
  return async (request, options) => {
    const caller = admit(askedBy(request));
    return countTokens?.(request, { ...options, caller });
  };
}

/** Yields the same events, and counts the used tokens toward the limit. */
async function* counted(
  events: AsyncIterable<CompletionEvent>,
  setTokens: (tokens: number) => void,
): AsyncGenerator<CompletionEvent> {
  for await (const event of events) {
    if (event.type === 'usage') setTokens(event.usage.totalTokens);
    yield event;
  }
}

function sizeOf(content: unknown): number {
  return Math.ceil(JSON.stringify(content).length / CHARACTERS_PER_TOKEN);
}

function ownView(api: Api, key: ClientKey, spending: ClientSpending): Partial<Api> {
  const { catalogue, endpoints, getGeneration } = api;
  const isAllowed = modelMatcher(key);
  return {
    account: {
      getKey: async () => ({ wire: describeClientKey(key, spending) }),
      getCredits: async () => ({ wire: describeClientCredits(key, spending) }),
    },
    ...(getGeneration !== undefined && {
      async getGeneration(id, options) {
        if (!spending.hasGeneration(id, key.name)) throw notFound(`Generation ${id} not found`);
        return getGeneration(id, options);
      },
    }),
    ...(key.models !== undefined &&
      catalogue !== undefined && {
        catalogue: {
          async listModels(options) {
            const { models } = await catalogue.listModels(options);
            const allowed = models.filter(({ id }) => isAllowed(id));
            return { models: allowed, body: JSON.stringify({ data: allowed.map(({ wire }) => wire) }) };
          },
          listModelsSince: async () => undefined,
        },
      }),
    ...(key.models !== undefined &&
      endpoints !== undefined && {
        endpoints: {
          async listEndpoints(model, options) {
            if (!isAllowed(model)) throw notFound(`Model ${model} not found`);
            return endpoints.listEndpoints(model, options);
          },
          async listZdrEndpoints(options) {
            const all = await endpoints.listZdrEndpoints(options);
            return { endpoints: all.endpoints.filter(({ modelId }) => isAllowed(modelId)) };
          },
        },
      }),
  };
}

function modelTooLong({ length }: string): OrxError {
  return badRequest(`the name of the model has ${length} characters; the maximum is ${LONGEST_MODEL}`);
}

function notFound(message: string): OrxError {
  return new OrxError(message, { kind: 'no-endpoint', code: 'not_found', status: 404 });
}
