type Environment = Readonly<Record<string, string | undefined>>;

/** The image protocol of a terminal, according to its environment; undefined if it has none or is unknown. */
export type ImageProtocol = 'iterm' | 'kitty';

const KITTY_PIECE = 4096;

export function imageProtocol(env: Environment): ImageProtocol | undefined {
  // Terminal multiplexers drop unknown codes, forward them, or show them as text.
  if (env['TMUX'] !== undefined || env['STY'] !== undefined || /^(?:dumb|tmux|screen)/.test(env['TERM'] ?? '')) return undefined;
  const program = env['TERM_PROGRAM'] ?? '';
  if (env['KITTY_WINDOW_ID'] !== undefined || env['TERM'] === 'xterm-kitty' || program === 'ghostty') return 'kitty';
  return program === 'iTerm.app' || program === 'WezTerm' || env['LC_TERMINAL'] === 'iTerm2' ? 'iterm' : undefined;
}

/**
 * Returns the escape code that shows an image, followed by a line break, or undefined if the protocol does not support the
 * format.
 */
export function inlineImage(protocol: ImageProtocol, bytes: Uint8Array, extension: string): string | undefined {
  const data = Buffer.from(bytes).toString('base64');
  if (protocol === 'iterm') return `\u001b]1337;File=inline=1;size=${bytes.length}:${data}\u0007\n`;
  // PNG is the only file format of the protocol.
  if (extension !== 'png') return undefined;
  let text = '';
  for (let at = 0; at < data.length; at += KITTY_PIECE) {
    const more = at + KITTY_PIECE < data.length ? 1 : 0;
    // q=2: the terminal sends no reply, which would be mistaken for typed text.
    text += `\u001b_G${at === 0 ? 'a=T,f=100,' : ''}q=2,m=${more};${data.slice(at, at + KITTY_PIECE)}\u001b\\`;
  }
  return `${text}\n`;
}
