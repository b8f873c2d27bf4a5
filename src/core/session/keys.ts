/** A keyboard event. */
export type Key =
  /** Typed text, or text from an input method. Contains no control characters. */
  | { type: 'text'; text: string }
  /** Text of a bracketed paste, with its original line ends. */
  | { type: 'paste'; text: string }
  /** A key that does not produce text: `enter`, `ctrl-left`, `alt-b`, `ctrl-alt-shift-up` (modifiers in this order). */
  | { type: 'press'; key: string };

export interface KeyParser {
  /** Parses decoded terminal input; it may be split anywhere. */
  push: (piece: string) => Key[];
  /** Returns whether a sequence is incomplete. A lone Escape is a key only if nothing follows it for a moment. */
  isPending: () => boolean;
  /** Parses the incomplete sequence as if nothing followed. */
  flush: () => Key[];
}

const ESC = '\u001b';
const PASTE_START = '[200~';
const PASTE_END = '\u001b[201~';
/** Terminals do not send longer sequences. */
const LONGEST_SEQUENCE = 64;

const CONTROLS: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\t': 'tab',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u0000': 'ctrl-space',
  '\u001c': 'ctrl-\\',
  '\u001d': 'ctrl-]',
  '\u001e': 'ctrl-^',
  '\u001f': 'ctrl-_',
};
const LETTERS: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  M: 'enter',
};
const NUMBERS: Readonly<Record<string, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'page-up',
  6: 'page-down',
  7: 'home',
  8: 'end',
};
const CODES: Readonly<Record<number, string>> = { 9: 'tab', 13: 'enter', 27: 'escape', 57414: 'enter', 127: 'backspace' };

// oxlint-disable-next-line no-control-regex -- terminal sequences consist of control characters
const SEQUENCE = /^\[(?<parameters>[0-?]*)(?<between>[ -/]*)(?<final>[@-~])/;
const UNFINISHED = /^\[[0-?]*[ -/]*$/;
// oxlint-disable-next-line no-control-regex -- the same
const TEXT = /^[^\u0000-\u001f\u007f]+/;

/** Creates a parser for the input of a terminal in raw mode: the sequences of xterm, of the kitty protocol, and bracketed pastes. */
export function createKeyParser(): KeyParser {
  let rest = '';
  let pasted: string[] | undefined;

  const take = (): Key[] => {
    const keys: Key[] = [];
    while (rest !== '') {
      if (pasted !== undefined) {
        const end = rest.indexOf(PASTE_END);
        if (end === -1) {
          // The end marker may be split.
          const safe = Math.max(0, rest.length - PASTE_END.length + 1);
          pasted.push(rest.slice(0, safe));
          rest = rest.slice(safe);
          return keys;
        }
        keys.push({ type: 'paste', text: pasted.join('') + rest.slice(0, end) });
        pasted = undefined;
        rest = rest.slice(end + PASTE_END.length);
      } else if (rest.startsWith(ESC)) {
        const read = readEscape(rest.slice(ESC.length));
        if (read === 'unfinished') return keys;
        rest = rest.slice(ESC.length + read.length);
        if (read.key === 'paste') pasted = [];
        else if (read.key !== undefined) keys.push(read.key);
      } else {
        const text = TEXT.exec(rest)?.[0];
        if (text !== undefined) keys.push({ type: 'text', text });
        else keys.push(control(rest[0]!));
        rest = rest.slice(text?.length ?? 1);
      }
    }
    return keys;
  };

  return {
    push(piece) {
      rest += piece;
      return take();
    },
    isPending: () => rest !== '' && pasted === undefined,
    flush() {
      if (pasted !== undefined || rest === '') return [];
      // It was the Escape key, and the text after it was typed.
      rest = rest.slice(ESC.length);
      return [press('escape'), ...take()];
    },
  };
}

function control(character: string): Key {
  return press(CONTROLS[character] ?? `ctrl-${String.fromCharCode(character.charCodeAt(0) + 96)}`);
}

function press(key: string): Key {
  return { type: 'press', key };
}

interface Read {
  length: number;
  /** Undefined for a report of the terminal that is not a key. */
  key: Key | 'paste' | undefined;
}

/** Parses the text after an Escape. */
function readEscape(text: string): Read | 'unfinished' {
  if (text === '') return 'unfinished';
  if (text.startsWith(PASTE_START)) return { length: PASTE_START.length, key: 'paste' };
  if (text.startsWith('[')) {
    const match = SEQUENCE.exec(text.slice(0, LONGEST_SEQUENCE));
    if (match !== null) return { length: match[0].length, key: sequence(match.groups ?? {}) };
    if (text.length < LONGEST_SEQUENCE && UNFINISHED.test(text)) return 'unfinished';
  } else if (text.startsWith('O')) {
    if (text.length === 1) return 'unfinished';
    const name = LETTERS[text[1]!];
    if (name !== undefined) return { length: 2, key: press(name) };
  } else if (text.startsWith(ESC)) {
    const inner = readEscape(text.slice(1));
    if (inner === 'unfinished') return inner;
    if (inner.key !== undefined && inner.key !== 'paste' && inner.key.type === 'press')
      return { length: inner.length + 1, key: press(withModifiers(inner.key.key, 2)) };
    return { length: 0, key: press('escape') };
  }
  const [first = ''] = text;
  const key = TEXT.test(first) ? press(`alt-${first}`) : withAlt(control(first));
  return { length: first.length, key };
}

function withAlt(key: Key): Key {
  return key.type === 'press' ? press(withModifiers(key.key, 2)) : key;
}

function sequence({ parameters = '', final = '' }: Record<string, string | undefined>): Key | undefined {
  const [first = '', second = '1', third = ''] = parameters.split(';').map((part) => part.split(':')[0]!);
  const modifiers = Number(second) - 1;
  if (final === 'Z') return press('shift-tab');
  if (final === 'u') return coded(Number(first), modifiers);
  if (final === '~' && first === '27') return coded(Number(third), modifiers);
  const name = final === '~' ? NUMBERS[first] : /^\d*$/.test(first) ? LETTERS[final] : undefined;
  return name === undefined ? undefined : press(withModifiers(name, modifiers));
}

/** Returns a key by its character code, as newer protocols report it. */
function coded(code: number, modifiers: number): Key | undefined {
  const name = CODES[code];
  if (name !== undefined) return press(withModifiers(name, modifiers));
  if (!Number.isInteger(code) || code < 32 || code > 0x10ffff || (code >= 0xd800 && code < 0xf900)) return undefined;
  const character = String.fromCodePoint(code);
  if ((modifiers & ~1) !== 0) return press(withModifiers(character.toLowerCase(), modifiers));
  return { type: 'text', text: modifiers === 1 ? character.toUpperCase() : character };
}

function withModifiers(name: string, bits: number): string {
  const has = (bit: number): boolean => (bits & bit) !== 0;
  return `${has(4) && !name.startsWith('ctrl-') ? 'ctrl-' : ''}${has(2) ? 'alt-' : ''}${has(1) ? 'shift-' : ''}${name}`;
}
