type Environment = Readonly<Record<string, string | undefined>>;

/** In characters of base64. Terminals drop longer ones, without a word. */
const LONGEST = 100_000;
/** GNU screen takes no longer strings for the terminal around it. */
const SCREEN_PIECE = 76;

/**
 * The escape code that puts a text on the clipboard of whoever sits at the terminal, also over SSH; in tmux and screen wrapped so that they
 * pass it on. Undefined where the text is too long for terminals.
 */
export function clipboardCode(text: string, env: Environment): string | undefined {
  const encoded = Buffer.from(text).toString('base64');
  if (encoded.length > LONGEST) return undefined;
  const code = `\u001b]52;c;${encoded}\u0007`;
  // Passed on where tmux allows it (allow-passthrough); bare it is tmux's own to decide about (set-clipboard).
  if ((env['TMUX'] ?? '') !== '') return `${code}\u001bPtmux;${code.replaceAll('\u001b', '\u001b\u001b')}\u001b\\`;
  if ((env['STY'] ?? '') === '') return code;
  return (code.match(new RegExp(`[^]{1,${SCREEN_PIECE}}`, 'g')) ?? []).map((piece) => `\u001bP${piece}\u001b\\`).join('');
}
