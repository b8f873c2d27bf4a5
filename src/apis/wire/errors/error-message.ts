import { pageTitle } from '../../../text/page-title.ts';
import { asArray, asObject, asText, type WireObject } from '../wire-value.ts';

/** Fields in which servers put their message, in order of preference. */
const PLACES = ['message', 'error', 'detail', 'details', 'msg'];
const DEEPEST = 5;
const MOST_ISSUES = 3;
const LONGEST_PAGE = 10_000;

/**
 * Returns the message of an error: from the error object, from the provider's error inside it, or from a body without an error
 * object.
 */
export function errorMessage(body: WireObject | undefined, error: WireObject, metadata: WireObject): string | undefined {
  const own = asText(error['message']) && digMessage(error['message'], 0);
  const raw = digMessage(metadata['raw'], 0);
  // "Provider returned error" hides the reason in `raw`: text, JSON text or an object, nested to any depth.
  if (own !== undefined && !/^provider returned error\.?$/i.test(own)) return own;
  return raw ?? lastError(metadata['previous_errors']) ?? own ?? digMessage(body, 0);
}

/** Returns the reason of the last provider that OpenRouter has tried. */
function lastError(errors: unknown): string | undefined {
  const last = asObject(asArray(errors).at(-1));
  return last && (digMessage(last['raw'], 0) ?? asText(last['message']));
}

function digMessage(value: unknown, depth: number): string | undefined {
  if (depth > DEEPEST) return undefined;
  if (typeof value === 'string') {
    const text = pageText(value.trim());
    if (!/^[{[]/.test(text)) return asText(text);
    try {
      return digMessage(JSON.parse(text), depth + 1) ?? text;
    } catch {
      return text;
    }
  }
  const items = asArray(value);
  if (items.length > 0)
    return issuesText(
      items.slice(0, MOST_ISSUES).map((item) => digMessage(item, depth + 1)),
      items.length,
    );
  const object = asObject(value);
  for (const key of PLACES) {
    const match = digMessage(object?.[key], depth + 1);
    if (match !== undefined) return placeText(object!) + match;
  }
  return undefined;
}

/** Joins the messages of a list, which validators such as Zod and Pydantic return: one for each wrong field. */
function issuesText(messages: readonly (string | undefined)[], all: number): string | undefined {
  const known = messages.filter((message) => message !== undefined);
  if (known.length === 0) return undefined;
  return all > MOST_ISSUES ? `${known.join('; ')}; and ${all - MOST_ISSUES} more` : known.join('; ');
}

/** Returns the field that an issue of Zod (`path`) or Pydantic (`loc`) is about, or no text. */
function placeText({ path, loc }: WireObject): string {
  const words = asArray(path ?? loc).filter((word) => typeof word === 'string' || typeof word === 'number');
  return words.length === 0 ? '' : `${words.join('.')}: `;
}

/** Returns the title of a web page, or else its text: servers between OpenRouter and a provider answer with pages. Other text is unchanged. */
function pageText(text: string): string {
  if (!/^<(!doctype|html)/i.test(text)) return text;
  return (
    pageTitle(text) ??
    text
      .slice(0, LONGEST_PAGE)
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim()
  );
}
