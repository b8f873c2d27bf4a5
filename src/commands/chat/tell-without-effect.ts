import { isDirect } from '../../apis/direct-id.ts';
import type { ChatRequest, RoutingPreferences } from '../../apis/completion.ts';
import { vendorOf } from '../../core/model-id/direct-name.ts';
import { withoutEffect } from '../../core/price/without-effect.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import type { SettingKey } from '../../core/settings/settings.ts';
import { styled } from '../../output/text/terminal-border.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { Context } from '../context.ts';

/** The settings of preferences that only a router can follow. */
const KEYS = {
  order: 'provider',
  only: 'only',
  ignore: 'ignore',
  allowFallbacks: 'provider-fallbacks',
  sort: 'route-by',
  maxPrice: 'max-price',
  quantizations: 'quantization',
  minThroughput: 'min-throughput',
  maxLatency: 'max-latency',
  requireParameters: 'require-parameters',
} as const satisfies Partial<Record<keyof RoutingPreferences, SettingKey>>;

type Preference = keyof typeof KEYS;

/**
 * Prints which typed routing flags change nothing, before the request is sent: at a vendor all of them, otherwise as far as the stored list of
 * endpoints shows. Sends no request. Returns what the API would report again after the answer (see the event `dropped`).
 */
export async function tellWithoutEffect(
  { model, routing = {} }: ChatRequest,
  isTyped: (key: SettingKey) => boolean,
  settings: ConnectionSettings,
  context: Context,
): Promise<readonly string[]> {
  const typed = (Object.keys(KEYS) as Preference[]).filter((key) => routing[key] !== undefined && isTyped(KEYS[key]));
  if (typed.length === 0) return [];
  const { stderr } = context.terminal.streams;
  const { paint } = context.terminal.themeOf(stderr);
  const print = (text: string): void => void styled(stderr).write(`${paint(['warning'], visibleLine(text))}\n`);
  const services = context.apis.for(settings);
  if (isDirect(model)) {
    const vendor = services.vendors().find(({ name }) => name === vendorOf(model));
    const texts = typed
      .filter((key) => key !== 'allowFallbacks')
      .map((key) => `--${KEYS[key]}: requests to ${vendor?.label ?? vendorOf(model)} are not routed`);
    for (const text of texts) print(`warning: left out: ${text}`);
    return texts;
  }
  const list = await services.readEndpoints(model, { offline: true }).catch(() => undefined);
  for (const { preference, flag, because } of withoutEffect({ id: model }, list?.catalogue.endpoints ?? [], routing))
    if (typed.some((key) => key === preference)) print(`note: ${flag} has no effect: ${because}`);
  return [];
}
