type Environment = Readonly<Record<string, string | undefined>>;

/** In characters of base64. Terminals silently drop longer text. */
const LONGEST = 100_000;
/** GNU screen forwards no longer strings to the outer terminal. */
const SCREEN_PIECE = 76;

/**
 * Returns the escape code that copies a text to the clipboard of the user's terminal, also over SSH. In tmux and screen it is
 * wrapped so that they forward it. Returns undefined if the text is too long for terminals.
 */
export function clipboardCode(text: string, env: Environment): string | undefined {
  const encoded = Buffer.from(text).toString('base64');
  if (encoded.length > LONGEST) return undefined;
  const code = `\u001b]52;c;${encoded}\u0007`;
  // tmux forwards the wrapped code if allow-passthrough is on. Whether it handles the plain code depends on set-clipboard.
  if ((env['TMUX'] ?? '') !== '') return `${code}\u001bPtmux;${code.replaceAll('\u001b', '\u001b\u001b')}\u001b\\`;
  if ((env['STY'] ?? '') === '') return code;
  return (code.match(new RegExp(`[^]{1,${SCREEN_PIECE}}`, 'g')) ?? []).map((piece) => `\u001bP${piece}\u001b\\`).join('');
}
