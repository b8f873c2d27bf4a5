export interface RequestTargetParts {
  /** The host of a complete URL, which is valid instead of the `Host` header. */
  host: string | undefined;
  path: string;
  /** With its question mark, or empty. */
  search: string;
}

const COMPLETE_URL = /^https?:\/\/([^/?]*)(\/[^?]*)?/i;

/** Splits the target of a request: a path with a query, or a complete URL, as clients send it that take the gateway for a proxy. */
export function splitTarget(target: string): RequestTargetParts {
  const mark = target.indexOf('?');
  const search = mark < 0 ? '' : target.slice(mark);
  const before = mark < 0 ? target : target.slice(0, mark);
  if (before.startsWith('/')) return { host: undefined, path: before, search };
  const match = COMPLETE_URL.exec(before);
  if (match === null) return { host: undefined, path: before, search };
  return { host: match[1]!, path: match[2] ?? '/', search };
}
