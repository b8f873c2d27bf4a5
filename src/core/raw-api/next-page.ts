/** Lists that take an offset and do not state their length. */
const WITHOUT_TOTAL = /\/(?:keys|datasets\/app-rankings|datasets\/session-cost)$/;

/**
 * Returns the URL of the page after `page`, the parsed body of a reply, or undefined for the last one. It is the same URL with another
 * query, whatever the reply says, so that a reply cannot lead orx elsewhere.
 */
export function nextPage(url: URL, page: unknown): URL | undefined {
  if (typeof page !== 'object' || page === null) return undefined;
  const { data, links, cursor, has_more: hasMore, last_id: lastId, total_count: total } = page as Record<string, unknown>;
  if (typeof links === 'object' && links !== null) {
    const { next } = links as Record<string, unknown>;
    return typeof next === 'string' && next.includes('?') ? withQuery(url, next.slice(next.indexOf('?'))) : undefined;
  }
  if (typeof cursor === 'string' && cursor !== '') return withValue(url, 'cursor', cursor);
  if (hasMore === true && typeof lastId === 'string') return withValue(url, 'after_id', lastId);
  if (!Array.isArray(data) || data.length === 0) return undefined;
  const offset = Number(url.searchParams.get('offset') ?? 0) + data.length;
  const isMore = typeof total === 'number' ? offset < total : WITHOUT_TOTAL.test(url.pathname);
  return isMore && Number.isSafeInteger(offset) ? withValue(url, 'offset', String(offset)) : undefined;
}

function withQuery(url: URL, query: string): URL {
  const next = new URL(url);
  next.search = query.split('#')[0]!;
  return next;
}

function withValue(url: URL, name: string, value: string): URL {
  const next = new URL(url);
  next.searchParams.set(name, value);
  return next;
}
