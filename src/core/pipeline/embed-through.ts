import type { ChatRequest, CompletionEvent, StreamCompletion, Usage } from '../../apis/completion.ts';
import type { Embed, EmbeddingInput, EmbeddingRequest, Embeddings } from '../../apis/embeddings.ts';

/** Replaces a token in the size estimate of an input that is given as tokens. */
const TOKEN = ' a';

/**
 * Returns embeddings that pass through the stages of a completion: targets, retries, the record in the ledger, budgets and costs. The stages see
 * a prompt whose answer has no tokens. `through` wraps a stream in the stages.
 */
export function embedThrough(embed: Embed, through: (stream: StreamCompletion) => StreamCompletion): Embed {
  return async (request, options = {}) => {
    let made: Embeddings | undefined;
    const stream: StreamCompletion = async function* embeddingStream({ model, routing }, { signal, limits } = {}) {
      made = await embed({ ...request, model, routing }, { signal, limits });
      yield* eventsOf(made);
    };
    let usage: Usage | undefined;
    for await (const event of through(stream)(asCompletion(request), options)) if (event.type === 'usage') usage = event.usage;
    return { ...made!, usage };
  };
}

function* eventsOf({ id = '', model, provider, usage }: Embeddings): Generator<CompletionEvent> {
  yield { type: 'response-start', id, model, provider };
  if (usage !== undefined) yield { type: 'usage', usage };
  yield { type: 'response-end', finishReason: 'stop' };
}

function asCompletion({ model, inputs, user, routing }: EmbeddingRequest): ChatRequest {
  return {
    model,
    messages: inputs.map((input) => ({ role: 'user', content: inputText(input) })),
    stream: false,
    maxTokens: 0,
    routing,
    ...(user !== undefined && { user }),
  };
}

function inputText(input: EmbeddingInput): string {
  return typeof input === 'string' ? input : TOKEN.repeat(input.length);
}
