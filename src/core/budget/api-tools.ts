import type { ChatRequest } from '../../apis/completion.ts';
import { anyText } from '../../text/any-text.ts';

/** A tool or a plugin that the API runs, by its name without `openrouter:`. */
export interface ApiTool {
  name: string;
  parameters: Readonly<Record<string, unknown>>;
}

/** Older names of the same tool, some of them followed by a date. */
const WEB_SEARCH = /^web_search(_preview)?([_-]\d.*)?$/;

/** Returns the tools of a request that the API itself runs. orx's own fields win over fields that it passes on, as in the sent request. */
export function apiTools({ tools, extra }: ChatRequest): readonly ApiTool[] {
  return objectsOf(tools ?? extra?.['tools']).flatMap(({ type, parameters }) => {
    if (typeof type !== 'string' || type === 'function') return [];
    const name = type.replace(/^openrouter:/, '');
    return [{ name: WEB_SEARCH.test(name) ? 'web_search' : name, parameters: objectsOf([parameters])[0] ?? {} }];
  });
}

/** Returns the plugins that a request enables. */
export function apiPlugins({ plugins, extra }: ChatRequest): readonly ApiTool[] {
  return objectsOf(plugins ?? extra?.['plugins'])
    .filter(({ enabled }) => enabled !== false)
    .map((plugin) => ({ name: anyText(plugin['id']), parameters: plugin }));
}

function objectsOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  return items.filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null);
}
