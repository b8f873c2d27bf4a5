import type { WireRequest } from '../../apis/api.ts';
import { jsonText } from '../text/json.ts';

/** A request as people read it: method and address, headers, an empty line, the body as JSON. */
export function wireRequestText({ method, url, headers, body }: WireRequest): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `${method} ${url}\n${lines.join('\n')}\n\n${jsonText(body)}`;
}
