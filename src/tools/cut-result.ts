/**
 * Returns the text, or as many bytes of it as allowed with a note to the model that the rest is missing. Never splits a
 * character.
 */
export function cutResult(text: string, maxBytes: number): string {
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxBytes) return text;
  let end = Math.min(text.length, maxBytes);
  while (Buffer.byteLength(text.slice(0, end)) > maxBytes) {
    end -= Math.max(1, Math.ceil((Buffer.byteLength(text.slice(0, end)) - maxBytes) / 4));
  }
  if (/[\ud800-\udbff]$/.test(text.slice(0, end))) end -= 1;
  return `${text.slice(0, end)}\n[cut here: the result is longer than ${maxBytes} bytes]`;
}
