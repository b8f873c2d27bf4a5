import { type OrxError, usageError } from '../../errors.ts';
import { type Api, capability } from '../api.ts';
import { pushOf } from '../push-events.ts';
import type { ChatRequest, CompletionEvent, RoutingPreferences, StreamOptions } from '../completion.ts';
import { parseDirectId } from '../direct-id.ts';
import type { Vendor } from '../vendors.ts';

export interface DirectedApiOptions {
  /** Returns the API for every model that is not direct. Throws when it has no key. */
  openRouter: () => Api;
  /** Throws for an unknown vendor name and, if a key is required, for a vendor without a key. */
  openVendor: (name: string, options: { requireKey: boolean }) => Promise<{ vendor: Vendor; api: Api }>;
}

/**
 * Returns an API that sends each request where its model belongs: direct models to their vendor, all others to OpenRouter. All
 * other capabilities are OpenRouter's. Fallback lists are handled by core/pipeline/fallback.ts, so that a request goes to one
 * API.
 */
export function directedApi(base: Api, { openRouter, openVendor }: DirectedApiOptions): Api {
  return {
    ...base,
    // Adds no generator for OpenRouter, because it would cost time per token.
    streamCompletion: (request, options) =>
      parseDirectId(request.model) === undefined
        ? openRouter().streamCompletion(request, options)
        : streamDirect(request, options, openVendor),
    async pushCompletion(request, options, sink) {
      const direct = parseDirectId(request.model);
      if (direct === undefined) return pushOf(openRouter())(request, options, sink);
      const { vendor, api } = await openVendor(direct.vendor, { requireKey: true });
      const { request: plain, dropped } = directRequest(request, direct.model, vendor);
      for (const text of dropped) sink.see({ type: 'dropped', text });
      return pushOf(api)(plain, options, sink);
    },
    async countTokens(request, call) {
      const direct = parseDirectId(request.model);
      if (direct === undefined) return undefined;
      const { vendor, api } = await openVendor(direct.vendor, { requireKey: true });
      const { request: plain } = directRequest({ ...request, fallbackModels: [] }, direct.model, vendor);
      return api.countTokens?.(plain, call);
    },
    async embed(request, options) {
      const direct = parseDirectId(request.model);
      if (direct === undefined) return capability(openRouter(), 'embed')(request, options);
      const { vendor, api } = await openVendor(direct.vendor, { requireKey: true });
      refuseDataPolicy(request.routing, vendor);
      const reply = await capability(api, 'embed')({ ...request, model: direct.model }, options);
      return { ...reply, dropped: droppedRouting(request.routing, vendor) };
    },
    async rerank(request, options) {
      const direct = parseDirectId(request.model);
      if (direct === undefined) return capability(openRouter(), 'rerank')(request, options);
      const { vendor, api } = await openVendor(direct.vendor, { requireKey: true });
      refuseDataPolicy(request.routing, vendor);
      const reply = await capability(api, 'rerank')({ ...request, model: direct.model }, options);
      return { ...reply, dropped: droppedRouting(request.routing, vendor) };
    },
    async mostInputs(model, of) {
      const direct = parseDirectId(model);
      if (direct === undefined) return openRouter().mostInputs?.(model, of);
      const { api } = await openVendor(direct.vendor, { requireKey: true });
      return api.mostInputs?.(direct.model, of);
    },
    async describeCompletion(request) {
      const direct = parseDirectId(request.model);
      if (direct === undefined) return capability(base, 'describeCompletion')(request);
      const { vendor, api } = await openVendor(direct.vendor, { requireKey: false });
      const { request: plain } = directRequest(request, direct.model, vendor);
      return api.describeCompletion!(plain);
    },
  };
}

async function* streamDirect(
  request: ChatRequest,
  options: StreamOptions | undefined,
  openVendor: DirectedApiOptions['openVendor'],
): AsyncGenerator<CompletionEvent, void, undefined> {
  const { vendor: name, model } = parseDirectId(request.model)!;
  const { vendor, api } = await openVendor(name, { requireKey: true });
  const { request: plain, dropped } = directRequest(request, model, vendor);
  for (const text of dropped) yield { type: 'dropped', text };
  yield* api.streamCompletion(plain, options);
}

/** The flags of preferences that only a router can follow. */
const FLAGS = {
  order: '--provider',
  only: '--only',
  ignore: '--ignore',
  sort: '--route-by',
  maxPrice: '--max-price',
  quantizations: '--quantization',
  minThroughput: '--min-throughput',
  maxLatency: '--max-latency',
  requireParameters: '--require-parameters',
} as const satisfies Partial<Record<keyof RoutingPreferences, string>>;

/**
 * Returns the request for a vendor: with the vendor's name of the model, and without OpenRouter's own fields. Throws a usage
 * error for a request that requires a data policy, because that depends on the user's contract with the vendor. A server on the
 * user's own machine satisfies every policy.
 */
function directRequest(asked: ChatRequest, model: string, vendor: Vendor): { request: ChatRequest; dropped: readonly string[] } {
  const { routing, fallbackModels } = asked;
  if (fallbackModels !== undefined && fallbackModels.length > 0)
    throw new TypeError('a direct model has no fallback list of its own');
  refuseDataPolicy(routing, vendor);
  return {
    request: { ...asked, model, routing: undefined, fallbackModels: undefined },
    dropped: droppedRouting(routing, vendor),
  };
}

function droppedRouting(routing: RoutingPreferences | undefined, { label }: Vendor): readonly string[] {
  if (routing === undefined) return [];
  return Object.entries(FLAGS)
    .filter(([key]) => routing[key as keyof typeof FLAGS] !== undefined)
    .map(([, flag]) => `${flag}: requests to ${label} are not routed`);
}

function refuseDataPolicy(routing: RoutingPreferences = {}, vendor: Vendor): void {
  const demands = routing.dataCollection === 'deny' || routing.zeroDataRetention === true;
  if (!demands || vendor.isLocal === true) return;
  throw usageError(
    `orx cannot enforce a data policy at ${vendor.label}: your contract decides`,
    'use the standard policy: --data-policy standard --allow-data-collection',
    {
      shell: 'use OpenRouter, which knows the policy of each provider: -m AUTHOR/MODEL',
      session: 'use OpenRouter, which knows the policy of each provider: /model AUTHOR/MODEL',
    },
  );
}

/** Returns the error for a direct model in the sandbox, which has no vendors. */
export function noVendorsHere(name: string): OrxError {
  return usageError(`the sandbox simulates only OpenRouter, not ${name}`, 'list its models: orx models --sandbox');
}
