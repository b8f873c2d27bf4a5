import { OrxError } from '../../errors.ts';
import type { AnswerSink, CompletionEvent, StreamOptions } from '../../apis/completion.ts';
import { pushOf } from '../../apis/push-events.ts';
import type { EncoderOptions, ServedDialect, StreamEncoder, WholeEncoder } from '../dialects/served-dialect.ts';
import { EventWriter } from '../event-writer.ts';
import { type Exchange, hasLeft } from '../exchange.ts';
import { readBody } from '../read-body.ts';
import { isHeaderText, RequestTrace } from '../request-trace.ts';
import { RouterMetadata } from '../router-metadata.ts';
import { sendJson } from '../write-reply.ts';
import { StreamStart } from './stream-start.ts';

/** Answers a completion request of a dialect, streamed or whole. */
export async function answerCompletion(exchange: Exchange, dialect: ServedDialect): Promise<void> {
  const { served } = exchange;
  const body = await readBody(exchange);
  const trace = new RequestTrace(served.monotonic);
  exchange.trace = trace;
  const { parts, query } = exchange;
  const { asksVendor } = served;
  const request = dialect.parse(body, { parts, query, requestHeaders: exchange.request.headers, asksVendor });
  exchange.model = request.model;
  trace.begin(request.stream, served.keepsContent ? request.messages : undefined);
  const includeRouting = /^enabled$/i.test(String(exchange.request.headers['x-openrouter-metadata'] ?? ''));
  const metadata = includeRouting ? new RouterMetadata(request.model) : undefined;
  exchange.routerMetadata = metadata;
  // Names the fields that later stages set: on Node 20, each copy with a new field would have a hidden class of its own (copy-with.ts).
  const call: StreamOptions = {
    caller: undefined,
    onHeadroom: undefined,
    signal: exchange.signal,
    includeChunks: true,
    onAttempt(model) {
      trace.noteAttempt();
      metadata?.noteAttempt(model);
    },
    onAttemptFailed: metadata && ((model, error) => metadata.noteFailure(model, error)),
    onHedge: (hedge) => trace.noteHedge(hedge),
    cache: cacheWishes(exchange.request.headers['cache-control']),
    includeRouting,
  };
  const options: EncoderOptions = {
    seconds: () => Math.floor(served.now() / 1000),
    requestId: exchange.id,
    routerMetadata: metadata && (() => metadata.wire()),
  };
  const push = (sink: AnswerSink): Promise<void> => pushOf(served.api)(request, call, sink);
  await (request.stream
    ? answerStreamed(exchange, dialect.streamed(request, options), push)
    : answerWhole(exchange, dialect.whole(request, options), push));
}

type Push = (sink: AnswerSink) => Promise<void>;

/** Records what an event states about the request. */
function note({ headers, trace, routerMetadata }: Exchange, event: CompletionEvent): void {
  // Nearly all events of a stream are of these two kinds, and only the first text means something here.
  if (event.type === 'chunk') return;
  trace?.see(event);
  routerMetadata?.see(event);
  if (event.type === 'text-delta') return;
  const id = event.type === 'heartbeat' ? event.generationId : event.type === 'response-start' ? event.id : undefined;
  if (isHeaderText(id)) headers['x-generation-id'] ??= id;
}

async function answerStreamed(exchange: Exchange, encoder: StreamEncoder, push: Push): Promise<void> {
  const { contentType } = encoder;
  const writer = new EventWriter(exchange.response, () => {
    exchange.trace?.addHeaders(exchange.headers);
    if (contentType !== undefined) exchange.headers['content-type'] = contentType;
    return exchange.headers;
  });
  const start = new StreamStart(writer, exchange.served);
  try {
    await push({
      see(event) {
        note(exchange, event);
        start.write(event, encoder.encode(event));
      },
      ready: () => (writer.isFull ? writer.drained(exchange.served.stallMs) : undefined),
    });
  } catch (error) {
    // The client has received nothing yet: the failure gets its own status.
    if (!writer.hasBegun || hasLeft(exchange)) throw error;
    exchange.failure = error;
    start.release();
    if (exchange.served.passesCuts && isCut(error)) return writer.cut();
    writer.write(encoder.fail(error, exchange.routerMetadata?.fail(error) ?? {}));
  }
  start.release();
  writer.write(encoder.end());
  writer.end();
}

async function answerWhole(exchange: Exchange, encoder: WholeEncoder, push: Push): Promise<void> {
  try {
    await push({
      see(event) {
        note(exchange, event);
        encoder.add(event);
      },
    });
  } catch (error) {
    exchange.failure = error;
    if (exchange.served.passesCuts && isCut(error)) return void exchange.response.destroy();
    throw error;
  }
  exchange.trace?.addHeaders(exchange.headers);
  sendJson(exchange.response, 200, encoder.body(), exchange.headers);
}

const ANY_CACHE = { reads: true, keeps: true };

/** Parses the Cache-Control directives of a client. */
function cacheWishes(header: string | undefined): { reads: boolean; keeps: boolean } {
  if (header === undefined) return ANY_CACHE;
  const directives = new Set(
    header
      .trim()
      .toLowerCase()
      .split(/\s*,\s*/),
  );
  const storesNothing = directives.has('no-store');
  return { reads: !storesNothing && !directives.has('no-cache'), keeps: !storesNothing };
}

function isCut(error: unknown): boolean {
  return error instanceof OrxError && error.code === 'stream-cut';
}
