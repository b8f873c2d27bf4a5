import type { Api } from './api.ts';
import type { AnswerSink, CompletionEvent, PushCompletion } from './completion.ts';

/** Pushes the events of an answer to a sink, as fast as the sink takes them. */
export async function pushEvents(events: AsyncIterable<CompletionEvent>, sink: AnswerSink): Promise<void> {
  for await (const event of events) {
    sink.see(event);
    const ready = sink.ready?.();
    if (ready !== undefined) await ready;
  }
}

/** Returns how to push the answers of an API: its own way, or the events of `streamCompletion`. */
export function pushOf({ pushCompletion, streamCompletion }: Pick<Api, 'pushCompletion' | 'streamCompletion'>): PushCompletion {
  return pushCompletion ?? ((request, options, sink) => pushEvents(streamCompletion(request, options), sink));
}
