import { visibleTextStream } from './visible.ts';

/**
 * The views of a terminal stream by what may be written to it. The stream that commands get makes all text visible. Code that
 * writes control sequences uses the view that allows them. A stream that is not a terminal has no views: text in a pipe or a file
 * stays exact.
 */
interface Views {
  styled: NodeJS.WriteStream;
  drawing: NodeJS.WriteStream;
  terminal: NodeJS.WriteStream;
}

type Shape = (text: string) => string;

const VIEWS = new WeakMap<NodeJS.WritableStream, Views>();

// The colors and styles of the themes, and their resets. Concealed, blinking and inverse text and backgrounds are not allowed.
const STYLE = '\\u001b\\[(?:[0-4]|9|2[2-4]|29|3\\d|9[0-7])?m';
// Cursor movement, erased rows, the alternate screen, bracketed paste and synchronized output: what Ink, readline and orx's
// screens use.
const DRAWING = '\\u001b\\[(?:\\d*(?:;\\d*)?[A-HJK]|\\?(?:25|1049|2004|2026)[hl])|\\r';
/**
 * Returns the stream without anything in its output that a terminal would execute, hide or reorder. Returns the same stream if it
 * is not a terminal.
 */
export function guardTerminal(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  if (!stream.isTTY) return stream;
  // A letter may get its combining marks in later writes.
  const visible = visibleTextStream();
  const shape: Shape = (text) => visible.push(text) + visible.flush();
  const styles = new RegExp(STYLE, 'g');
  const drawn = new RegExp(`${STYLE}|${DRAWING}`, 'g');
  const guarded = viewOf(stream, shape);
  const views: Views = {
    styled: viewOf(stream, (text) => shapeAround(styles, text, shape)),
    drawing: viewOf(stream, (text) => shapeAround(drawn, text, shape)),
    terminal: stream,
  };
  for (const view of [guarded, views.styled, views.drawing]) VIEWS.set(view, views);
  return guarded;
}

/** Returns the view of the stream that allows a theme's styles. */
export function styled<S extends NodeJS.WritableStream>(stream: S): S | NodeJS.WriteStream {
  return VIEWS.get(stream)?.styled ?? stream;
}

/** Returns the view of the stream that allows what Ink, readline and orx's own screens draw. */
export function drawing(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  return VIEWS.get(stream)?.drawing ?? stream;
}

/**
 * Writes a control code made by orx, such as an image or text for the clipboard. It must not contain unencoded text from outside.
 */
export function writeCode(stream: NodeJS.WriteStream, code: string): void {
  (VIEWS.get(stream)?.terminal ?? stream).write(code);
}

/** Applies `shape` to the text except for the sequences that `allowed` matches. */
function shapeAround(allowed: RegExp, text: string, shape: Shape): string {
  let shown = '';
  let end = 0;
  for (const { 0: sequence, index } of text.matchAll(allowed)) {
    shown += shape(text.slice(end, index)) + sequence;
    end = index + sequence.length;
  }
  return shown + shape(text.slice(end));
}

/** Returns a proxy of the stream that applies `shape` to everything written. */
function viewOf(stream: NodeJS.WriteStream, shape: Shape): NodeJS.WriteStream {
  const write = (piece: string | Uint8Array, ...rest: [never?, never?]): boolean =>
    stream.write(shape(typeof piece === 'string' ? piece : Buffer.from(piece).toString()), ...rest);
  return new Proxy(stream, {
    get(target, key) {
      if (key === 'write') return write;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
