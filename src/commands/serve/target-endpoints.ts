import type { Model } from '../../apis/catalogue.ts';
import { isDirect, parseDirectId } from '../../apis/direct-id.ts';
import { findVendor } from '../../apis/vendors.ts';
import type { EndpointsCapability } from '../../apis/api.ts';
import { resolveName, unknownName } from '../../core/routing/resolve-groups.ts';
import type { Router } from '../../core/routing/router.ts';
import type { Target } from '../../core/routing/target.ts';
import type { TargetStatus } from '../../core/routing/target-state.ts';

/**
 * Returns a function that lists the endpoints of a name: OpenRouter's list for a model that it routes, with the gateway's
 * measurements; else the targets of the name in the same format. Throws status 404 for a name that is not served.
 */
export function targetEndpoints(
  routed: EndpointsCapability | undefined,
  router: Router,
  findModel: (name: string) => Model | undefined | Promise<Model | undefined>,
): EndpointsCapability['listEndpoints'] {
  return async (name, call) => {
    const resolved = resolveName(name, router.table);
    if (resolved === undefined) throw unknownName(name, router.table);
    const { targets } = resolved.group;
    const [first] = targets;
    if (routed !== undefined && resolved.isUnlisted && first !== undefined && !isDirect(first.model)) {
      const { endpoints, wire } = await routed.listEndpoints(name, call);
      return { endpoints, wire: { ...(wire as Record<string, unknown>), orx: measured(router.statusOf(first)) } };
    }
    const models = await Promise.all(targets.map(({ model }) => findModel(model)));
    return {
      endpoints: [],
      wire: {
        id: name,
        name: models[0]?.name ?? name,
        endpoints: targets.map((target, index) => endpointOf(target, models[index], router.statusOf(target))),
      },
    };
  };
}

function endpointOf({ model: id, facts }: Target, model: Model | undefined, status: TargetStatus): Record<string, unknown> {
  const vendor = parseDirectId(id)?.vendor ?? 'openrouter';
  const pricing = (model?.wire as { pricing?: unknown } | undefined)?.pricing;
  return {
    name: `${labelOf(vendor)} | ${id}`,
    model_id: id,
    model_name: model?.name ?? id,
    provider_name: labelOf(vendor),
    tag: vendor,
    context_length: model?.contextLength ?? null,
    max_completion_tokens: model?.maxCompletionTokens ?? null,
    supported_parameters: model?.supportedParameters ?? [],
    quantization: facts.quantization ?? null,
    ...(pricing !== undefined && { pricing }),
    // OpenRouter avoids endpoints with a status below 0, as the gateway does with a paused target.
    status: status.state === 'open' ? -1 : 0,
    orx: measured(status),
  };
}

/** Returns what the gateway has measured since it started. */
function measured({
  state,
  inFlight,
  attempts,
  failures,
  timeToFirstTokenMs,
  tokensPerSecond,
}: TargetStatus): Record<string, unknown> {
  return {
    state,
    in_flight: inFlight,
    attempts,
    failures,
    time_to_first_token_ms: timeToFirstTokenMs ?? null,
    tokens_per_second: tokensPerSecond ?? null,
  };
}

function labelOf(vendor: string): string {
  return vendor === 'openrouter' ? 'OpenRouter' : (findVendor(vendor)?.label ?? vendor);
}
