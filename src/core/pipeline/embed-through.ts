import type { ChatRequest, CompletionEvent, RoutingPreferences, StreamCompletion, Usage } from '../../apis/completion.ts';
import type { Embed, EmbeddingInput, EmbeddingRequest, Embeddings, EmbedOptions } from '../../apis/embeddings.ts';
import type { Rerank, Reranking, RerankRequest } from '../../apis/rerank.ts';

/** Wraps a stream in the stages of a completion. */
type Stages = (stream: StreamCompletion) => StreamCompletion;

interface Answered {
  id?: string | undefined;
  model: string;
  provider?: string | undefined;
  usage?: Usage | undefined;
}

type ThroughOptions = EmbedOptions & {
  /** Called before orx waits for the next attempt. */
  onWait?: ((wait: Extract<CompletionEvent, { type: 'retry' | 'waiting' }>) => void) | undefined;
};

type AskThrough<Request, Reply> = (request: Request, options?: ThroughOptions) => Promise<Reply>;

/** Replaces a token in the size estimate of an input that is given as tokens. */
const TOKEN = ' a';

/**
 * Returns embeddings that pass through the stages of a completion: targets, retries, the record in the ledger, budgets and costs. The stages see
 * a prompt whose answer has no tokens.
 */
export function embedThrough(embed: Embed, through: Stages): AskThrough<EmbeddingRequest, Embeddings> {
  return askThrough(embed, through, ({ model, inputs, user, routing }: EmbeddingRequest) => ({
    ...promptOf(model, inputs.map(inputText), routing),
    ...(user !== undefined && { user }),
  }));
}

/** Returns a ranking that passes through the same stages: a prompt with the query once for each document, as models count it. */
export function rerankThrough(rerank: Rerank, through: Stages): AskThrough<RerankRequest, Reranking> {
  return askThrough(rerank, through, ({ model, query, documents, routing }: RerankRequest) =>
    promptOf(
      model,
      documents.map((document) => `${query}\n${document}`),
      routing,
    ),
  );
}

function askThrough<Request extends { model: string; routing?: RoutingPreferences | undefined }, Reply extends Answered>(
  ask: (request: Request, options?: EmbedOptions) => Promise<Reply>,
  through: Stages,
  asCompletion: (request: Request) => ChatRequest,
): AskThrough<Request, Reply> {
  return async (request, { onWait, ...options } = {}) => {
    let reply: Reply | undefined;
    const stream: StreamCompletion = async function* oneAnswer({ model, routing }, { signal, limits, onHeadroom } = {}) {
      let acceptedId: string | undefined;
      try {
        const onAccepted = (id: string | undefined): void => void (acceptedId = id);
        reply = await ask({ ...request, model, routing }, { signal, limits, onHeadroom, onAccepted });
      } catch (error) {
        // The ledger gets the id by which it can look up what the request cost.
        if (acceptedId !== undefined) yield { type: 'heartbeat', generationId: acceptedId };
        throw error;
      }
      yield* eventsOf(reply);
    };
    let usage: Usage | undefined;
    for await (const event of through(stream)(asCompletion(request), options)) {
      if (event.type === 'usage') usage = event.usage;
      else if (event.type === 'retry' || event.type === 'waiting') onWait?.(event);
    }
    return { ...reply!, usage: usage && { ...reply!.usage, ...usage } };
  };
}

function* eventsOf({ id = '', model, provider, usage }: Answered): Generator<CompletionEvent> {
  yield { type: 'response-start', id, model, provider };
  if (usage !== undefined) yield { type: 'usage', usage };
  yield { type: 'response-end', finishReason: 'stop' };
}

function promptOf(model: string, texts: readonly string[], routing: RoutingPreferences | undefined): ChatRequest {
  return {
    model,
    messages: texts.map((content) => ({ role: 'user', content })),
    stream: false,
    maxTokens: 0,
    routing,
  };
}

function inputText(input: EmbeddingInput): string {
  return typeof input === 'string' ? input : TOKEN.repeat(input.length);
}
