/** The content of a `data:` URL. */
export interface InlineMedium {
  /** Without parameters, such as `image/png`. */
  mimeType: string;
  /** Base64. */
  data: string;
}

const LONGEST_HEAD = 200;

/** Parses a `data:` URL. Returns undefined for any other. Searches only its head: the rest may have a hundred megabytes. */
export function parseDataUrl(url: string): InlineMedium | undefined {
  const comma = url.slice(0, LONGEST_HEAD).indexOf(',');
  if (comma === -1 || url.slice(0, 5).toLowerCase() !== 'data:') return undefined;
  const [mimeType = '', ...parameters] = url.slice(5, comma).split(';');
  const isBase64 = parameters.at(-1)?.trim().toLowerCase() === 'base64';
  const rest = url.slice(comma + 1);
  return {
    mimeType: mimeType.trim() || 'text/plain',
    data: isBase64 ? rest : Buffer.from(percentDecoded(rest)).toString('base64'),
  };
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
