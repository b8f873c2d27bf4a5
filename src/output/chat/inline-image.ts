type Environment = Readonly<Record<string, string | undefined>>;

/** The way in which a terminal takes images, told by its environment; undefined: none, or not known. */
export type ImageProtocol = 'iterm' | 'kitty';

const KITTY_PIECE = 4096;

export function imageProtocol(env: Environment): ImageProtocol | undefined {
  // Terminals in terminals pass on what they do not know, or show it as text.
  if (env['TMUX'] !== undefined || env['STY'] !== undefined || /^(?:dumb|tmux|screen)/.test(env['TERM'] ?? '')) return undefined;
  const program = env['TERM_PROGRAM'] ?? '';
  if (env['KITTY_WINDOW_ID'] !== undefined || env['TERM'] === 'xterm-kitty' || program === 'ghostty') return 'kitty';
  return program === 'iTerm.app' || program === 'WezTerm' || env['LC_TERMINAL'] === 'iTerm2' ? 'iterm' : undefined;
}

/** The escape code that shows an image, with a line break after it; undefined where the protocol does not take its kind. */
export function inlineImage(protocol: ImageProtocol, bytes: Uint8Array, extension: string): string | undefined {
  const data = Buffer.from(bytes).toString('base64');
  if (protocol === 'iterm') return `\u001b]1337;File=inline=1;size=${bytes.length}:${data}\u0007\n`;
  // Its own format of images in files is PNG alone.
  if (extension !== 'png') return undefined;
  let text = '';
  for (let at = 0; at < data.length; at += KITTY_PIECE) {
    const more = at + KITTY_PIECE < data.length ? 1 : 0;
    // q=2: the terminal answers nothing, which would be taken for typing.
    text += `\u001b_G${at === 0 ? 'a=T,f=100,' : ''}q=2,m=${more};${data.slice(at, at + KITTY_PIECE)}\u001b\\`;
  }
  return `${text}\n`;
}
