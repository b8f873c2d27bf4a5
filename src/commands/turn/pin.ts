import { isDirect } from '../../apis/direct-id.ts';
import { lastEndpoint } from '../../core/conversation/last-endpoint.ts';
import type { Transcript } from '../../core/conversation/transcript.ts';
import { isRouter, isSameModel } from '../../core/model-id/served-model.ts';
import { isCovered } from '../../core/request/routing-conflicts.ts';
import type { ChatSettings } from '../../core/settings/groups.ts';
import { withSettings } from '../../core/settings/with-settings.ts';
import { usageError } from '../../errors.ts';
import type { Context } from '../context.ts';

/** The settings that a pinned endpoint replaces, with the values that they had. */
export type Unpinned = Pick<ChatSettings, 'only' | 'provider' | 'route-by' | 'fallback'>;

export interface PinnedSettings {
  settings: ChatSettings;
  /** The endpoint, for people: `deepseek/deepseek-chat at deepinfra/turbo`. */
  text: string;
  unpinned: Unpinned;
}

export function unpinnedOf({ only, provider, 'route-by': routeBy, fallback }: ChatSettings): Unpinned {
  return { only, provider, 'route-by': routeBy, fallback };
}

/**
 * Returns the settings that send a request only to the endpoint that answered last in a conversation. Sends no request: the tag of the
 * endpoint comes from the stored list of endpoints, and without it, or if the provider has several endpoints of the model, the whole provider
 * is pinned, because an answer names only the provider. Throws a usage error if nothing has answered, or if the settings contradict it.
 */
export async function pinLast(
  { stored }: Pick<Transcript, 'stored'>,
  settings: ChatSettings,
  context: Context,
  /** The user has named the model of this request. */
  isModelGiven: boolean,
): Promise<PinnedSettings> {
  const last = lastEndpoint(stored);
  if (last === undefined)
    throw usageError('no provider has answered in this conversation yet', {
      shell: 'continue a conversation that has an answer: orx chat -c --pin "PROMPT"',
      session: 'send a message first, or continue another conversation: /resume ID',
    });
  const isSame = !isRouter(settings.model) && isSameModel(settings.model, last.model);
  if (isModelGiven && !isSame)
    throw usageError(`--pin means ${last.model}, which answered last, not ${settings.model}`, 'omit -m, or omit --pin');
  const model = isSame ? settings.model : last.model;
  const unpinned = unpinnedOf(settings);
  if (isDirect(model)) return { settings: withSettings(settings, { model, fallback: undefined }), text: model, unpinned };
  const pin = await pinOf(model, last.provider, settings, context);
  if (isCovered(pin, settings.ignore) || isCovered(last.provider, settings.ignore))
    throw usageError(`${last.provider} answered last, and is in --ignore`, 'omit --pin, or do not ignore it: orx config list');
  const only: Unpinned = { only: [pin], provider: undefined, 'route-by': undefined, fallback: undefined };
  return { settings: withSettings(settings, { model, ...only }), text: `${model} at ${pin}`, unpinned };
}

async function pinOf(model: string, provider: string, settings: ChatSettings, context: Context): Promise<string> {
  const list = await context.apis
    .for(settings)
    .readEndpoints(model, { offline: true })
    .catch(() => undefined);
  const tags = (list?.catalogue.endpoints ?? [])
    .filter(({ providerName }) => providerName.toLowerCase() === provider.toLowerCase())
    .map(({ tag }) => tag);
  return tags.length === 1 ? tags[0]! : (tags[0]?.split('/')[0] ?? provider);
}
