import { randomUUID } from 'node:crypto';
import { OrxError } from '../../../errors.ts';
import type { ChatRequest, CompletionEvent, Usage } from '../../../apis/completion.ts';
import type { FieldValues } from '../fields.ts';
import { openAiError } from '../openai-error.ts';
import type { EncoderOptions } from '../served-dialect.ts';
import { routerMetadataField } from '../with-router-metadata.ts';
import type { EmitEvent } from './item-place.ts';
import { clientTools } from './namespaces.ts';
import { OutputItems } from './output-items.ts';
import { responsesBody } from './parse-request.ts';
import { type ResponseHead, responseObject, type ResponseState } from './response-object.ts';

/** Why an answer is incomplete, by its finish reason. */
const REASONS: Readonly<Record<string, string>> = { length: 'max_output_tokens', content_filter: 'content_filter' };

/** Encodes the events of an answer as a response. `emit` receives each event of its stream. */
export class ResponseWriter {
  readonly #asked: FieldValues;
  readonly #options: EncoderOptions;
  readonly #emit: EmitEvent;
  readonly #items: OutputItems;
  #head: ResponseHead;
  #usage: Usage | undefined;
  #hasStarted = false;
  /** The final response. */
  response: FieldValues | undefined;

  constructor(request: ChatRequest, options: EncoderOptions, emit: EmitEvent) {
    this.#asked = responsesBody(request);
    this.#options = options;
    this.#emit = emit;
    this.#items = new OutputItems(emit, clientTools(this.#asked));
    this.#head = { id: `resp_${randomUUID().replaceAll('-', '')}`, model: request.model, created: options.seconds() };
  }

  see(event: CompletionEvent): void {
    if (event.type === 'response-start') this.#start(event);
    if (event.type === 'usage') this.#usage = event.usage;
    this.#items.see(event);
    if (event.type === 'response-end') this.#end(event.finishReason);
  }

  fail(error: unknown, more: FieldValues): void {
    this.#begin();
    const told = openAiError(error);
    this.#emit('error', { error: told, code: told.code, message: told.message, param: null });
    const code = told.code ?? told.type;
    this.#over(
      'response.failed',
      { status: 'failed', error: { code, message: told.message } },
      {
        ...errorType(error),
        ...more,
      },
    );
  }

  #start({ id, model, provider, created }: Extract<CompletionEvent, { type: 'response-start' }>): void {
    this.#head = {
      id: id === '' ? this.#head.id : id,
      model: model === '' ? this.#head.model : model,
      provider,
      created: created ?? this.#head.created,
    };
    this.#begin();
  }

  #begin(): void {
    if (this.#hasStarted) return;
    this.#hasStarted = true;
    const response = responseObject(this.#head, this.#asked, { status: 'in_progress', output: [] });
    this.#emit('response.created', { response });
    this.#emit('response.in_progress', { response });
  }

  #end(finishReason: string | undefined): void {
    this.#begin();
    const reason = REASONS[finishReason ?? ''];
    this.#items.finish(reason === undefined ? 'completed' : 'incomplete');
    const metadata = routerMetadataField(this.#options);
    if (reason === undefined)
      this.#over('response.completed', { status: 'completed', completedAt: this.#options.seconds() }, metadata);
    else this.#over('response.incomplete', { status: 'incomplete', reason }, metadata);
  }

  #over(type: string, state: Omit<ResponseState, 'output' | 'usage'>, more: FieldValues = {}): void {
    const { output } = this.#items;
    this.response = { ...responseObject(this.#head, this.#asked, { ...state, output, usage: this.#usage }), ...more };
    this.#emit(type, { response: this.response });
  }
}

/** Returns OpenRouter's error code. */
function errorType(error: unknown): FieldValues {
  return error instanceof OrxError && error.kind !== 'unexpected' && error.code !== undefined ? { error_type: error.code } : {};
}
