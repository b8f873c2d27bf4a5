/** A page states its title in its first part. */
const SEARCHED = 10_000;
const LONGEST_TITLE = 200;

/**
 * Returns the title of a web page in one line. Undefined if the text is not a page, or the page has no title. Servers between orx and the API answer
 * with pages, and the title says which server it is. Untrusted.
 */
export function pageTitle(page: string): string | undefined {
  const start = page.slice(0, SEARCHED);
  if (!start.trimStart().startsWith('<')) return undefined;
  const [, title = ''] = /<title(?:\s[^>]*)?>([^<]+)<\/title>/i.exec(start) ?? [];
  const line = title.replaceAll(/\s+/g, ' ').trim();
  if (line === '') return undefined;
  return line.length <= LONGEST_TITLE ? line : `${line.slice(0, LONGEST_TITLE).replace(/\p{Surrogate}$/u, '')}…`;
}

/** Returns the title of a web page as the reason of an error that says that the reply is a page. */
export function titleReason(page: string): string | undefined {
  const title = pageTitle(page);
  return title === undefined ? undefined : `its title is "${title}"`;
}
