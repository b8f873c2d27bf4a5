import type { VariedValue } from '../../core/compare/lane-plan.ts';
import type { Variation } from '../../core/compare/vary.ts';
import type { ChatSettings } from '../../core/settings/groups.ts';
import { withSettings } from '../../core/settings/with-settings.ts';
import type { Context } from '../context.ts';

/** Returns settings with which only this endpoint may answer: no other provider, no other model. */
export function pinnedTo(tag: string, settings: ChatSettings): ChatSettings {
  return withSettings(settings, {
    only: [tag],
    provider: undefined,
    ignore: undefined,
    'route-by': undefined,
    'provider-fallbacks': false,
    fallback: undefined,
  });
}

/** Returns the values of `--vary`, with the texts of the files that they name. */
export async function readValues({ key, values }: Variation, context: Context): Promise<VariedValue[]> {
  const isText = key === 'system' || key === 'prompt';
  const read: VariedValue[] = [];
  for (const value of values) {
    if (!isText || !value.startsWith('@')) read.push({ key, text: value, label: value });
    else read.push({ key, text: (await context.files.readFileText(value.slice(1))).trimEnd(), label: value.slice(1) });
  }
  return read;
}
