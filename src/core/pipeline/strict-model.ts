import type { StreamCompletion } from '../../apis/completion.ts';
import { OrxError } from '../../errors.ts';

/** Returns whether a model is the requested one. */
export type IsRequested = (asked: string, served: string) => Promise<boolean>;

/**
 * Returns the same stream, and stops an answer when its first event names a model that was not requested: kind `model-mismatch`. Most providers
 * charge only for what they have generated until then. A reply that is not streamed is charged as a whole, so it passes.
 */
export function strictModel(stream: StreamCompletion, isRequested: IsRequested): StreamCompletion {
  return async function* strictStream(request, options) {
    for await (const event of stream(request, options)) {
      // The entry in the ledger needs the id, to look up what the answer has cost.
      yield event;
      if (event.type !== 'response-start' || !request.stream) continue;
      if (!(await isRequested(request.model, event.model))) throw modelMismatch(request.model, event.model);
    }
  };
}

/** Returns the error of `--strict-model`. */
export function modelMismatch(asked: string, served: string): OrxError {
  return new OrxError(`${served} answered, not ${asked}`, {
    kind: 'model-mismatch',
    hints: ['accept other models: orx config set strict-model false'],
  });
}
