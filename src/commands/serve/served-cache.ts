import type { Api } from '../../apis/api.ts';
import type { StreamCompletion } from '../../apis/completion.ts';
import { pushOf } from '../../apis/push-events.ts';
import { type AnswerStore, cached } from '../../core/answer-cache/cached.ts';
import type { Context } from '../context.ts';
import type { ServeOptions } from './options.ts';
import type { ServedOptions } from './served-options.ts';
import type { ServerNotes } from './server-notes.ts';

type CacheOptions = ServedOptions['cache'];

/** The cache of a gateway, which a new configuration turns on and off. */
export class ServedCache {
  readonly #open: (options: NonNullable<CacheOptions>) => Promise<AnswerStore>;
  readonly #now: () => number;
  #options: CacheOptions;
  #store: AnswerStore | undefined;

  constructor(
    settings: ServeOptions['settings'],
    { stores, clock }: Pick<Context, 'stores' | 'clock'>,
    notes: Pick<ServerNotes, 'addOnce'>,
  ) {
    const onFailure = ({ message }: Error): void => notes.addOnce(message);
    this.#open = (options) => stores.for(settings).openAnswers({ ...options, onFailure });
    this.#now = clock.now;
  }

  /** Opens another cache. Returns a function that uses it from the next request on. The same options keep the answers in memory. */
  async prepare(options: CacheOptions): Promise<() => void> {
    if (options?.place === this.#options?.place && options?.keptMs === this.#options?.keptMs) return () => undefined;
    const store = options === undefined ? undefined : await this.#open(options);
    return () => {
      this.#options = options;
      this.#store = store;
    };
  }

  /** Returns the same stream behind the cache. `separatesTags`: whether tags now choose the target. */
  stage(stream: StreamCompletion, separatesTags: () => boolean = () => false): StreamCompletion {
    return (request, options) => {
      const store = this.#store;
      return (store === undefined ? stream : cached(stream, { store, now: this.#now, separatesTags: separatesTags() }))(
        request,
        options,
      );
    };
  }

  /** Returns the API behind the cache. */
  wrap(api: Api, separatesTags: () => boolean): Api {
    const streamCompletion = this.stage(api.streamCompletion, separatesTags);
    const push = pushOf(api);
    // A cached stream has to pass the cache event by event.
    const pushCached = pushOf({ streamCompletion });
    return {
      ...api,
      streamCompletion,
      pushCompletion: (request, options, sink) => (this.#store === undefined ? push : pushCached)(request, options, sink),
    };
  }
}
