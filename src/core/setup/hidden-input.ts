/** The text that the user has typed or pasted so far, while nothing is echoed. */
export interface HiddenInput {
  text: string;
  state: 'open' | 'entered' | 'interrupted';
  /** Inside a bracketed paste, where line ends do not end the input. */
  isPasting: boolean;
  /** The beginning of an incomplete escape sequence. */
  pending: string;
}

export const EMPTY_INPUT: HiddenInput = { text: '', state: 'open', isPasting: false, pending: '' };

const PASTE_START = '\u001b[200~';
const PASTE_END = '\u001b[201~';
const MAX_LENGTH = 4096;

// oxlint-disable-next-line no-control-regex -- terminal sequences consist of control characters
const TOKEN = /\u001b\[[0-?]*[ -/]*[@-~]|\u001bO.|\u001b(?!\[|O)|[\s\S]/gu;
// oxlint-disable-next-line no-control-regex -- the same
const UNFINISHED = /\u001b(\[[0-?]*[ -/]*|O)?$/;

/**
 * Returns the input after data from a terminal in raw mode. Enter ends the input, also directly after a paste that ends with a line end; Ctrl-C
 * interrupts, and so does Ctrl-D if the input is empty; backspace, Ctrl-U and Ctrl-W delete; arrows and other keys do nothing. Pure: the result
 * does not depend on how the data was split, except for a lone Escape key, which waits for what follows.
 */
export function reduceHiddenInput(input: HiddenInput, piece: string): HiddenInput {
  const sent = input.pending + piece;
  const pending = UNFINISHED.exec(sent)?.[0] ?? '';
  let { text, state, isPasting } = input;
  for (const [token] of sent.slice(0, sent.length - pending.length).matchAll(TOKEN)) {
    if (state !== 'open') break;
    if (token === PASTE_START) isPasting = true;
    else if (token === PASTE_END) isPasting = false;
    else if (token === '\u0003') state = 'interrupted';
    else if (token === '\u0004') state = text === '' ? 'interrupted' : 'open';
    else if (token === '\r' || token === '\n') state = isPasting ? 'open' : 'entered';
    else if (token === '\u007f' || token === '\b') text = Array.from(text).slice(0, -1).join('');
    else if (token === '\u0015' || token === '\u0017') text = '';
    else if (token >= ' ' && text.length < MAX_LENGTH) text += token;
  }
  return { text, state, isPasting, pending };
}
