import { visibleTextStream } from './visible.ts';

/**
 * What may be written to a terminal. The stream that commands are given makes everything visible; whoever writes something that acts asks for
 * a view of the stream that allows it by name. A stream that is no terminal is its own view: in a pipe and in a file text stays exact.
 */
interface Views {
  styled: NodeJS.WriteStream;
  drawing: NodeJS.WriteStream;
  terminal: NodeJS.WriteStream;
}

type Shape = (text: string) => string;

const VIEWS = new WeakMap<NodeJS.WritableStream, Views>();

// Colors and styles of the themes and what ends them. Concealed, blinking and inverse text and backgrounds are not among them.
const STYLE = '\\u001b\\[(?:[0-4]|9|2[2-4]|29|3\\d|9[0-7])?m';
// The cursor, rows that are erased, the other screen, pasted text, frames that are shown at once: what Ink, readline and orx's screens use.
const DRAWING = '\\u001b\\[(?:\\d*(?:;\\d*)?[A-HJK]|\\?(?:25|1049|2004|2026)[hl])|\\r';
const STYLED = new RegExp(STYLE, 'g');
const DRAWN = new RegExp(`${STYLE}|${DRAWING}`, 'g');

/** The stream with nothing in what is written that a terminal obeys, hides or reorders; the same stream where it is no terminal. */
export function guardTerminal(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  if (!stream.isTTY) return stream;
  // A letter in one write may get its marks in the next ones.
  const visible = visibleTextStream();
  const shape: Shape = (text) => visible.push(text) + visible.flush();
  const guarded = viewOf(stream, shape);
  const views: Views = {
    styled: viewOf(stream, (text) => shapeAround(STYLED, text, shape)),
    drawing: viewOf(stream, (text) => shapeAround(DRAWN, text, shape)),
    terminal: stream,
  };
  for (const view of [guarded, views.styled, views.drawing]) VIEWS.set(view, views);
  return guarded;
}

/** The stream as it takes text that a theme has painted. */
export function styled<S extends NodeJS.WritableStream>(stream: S): S | NodeJS.WriteStream {
  return VIEWS.get(stream)?.styled ?? stream;
}

/** The stream as it takes what Ink, readline and orx's own screens draw. */
export function drawing(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  return VIEWS.get(stream)?.drawing ?? stream;
}

/** Writes a control code that orx has made itself, such as an image or text for the clipboard: nothing in it may be text from outside as it is. */
export function writeCode(stream: NodeJS.WriteStream, code: string): void {
  (VIEWS.get(stream)?.terminal ?? stream).write(code);
}

/** Shapes the text except for the sequences that `allowed` finds. */
function shapeAround(allowed: RegExp, text: string, shape: Shape): string {
  let shown = '';
  let end = 0;
  for (const { 0: sequence, index } of text.matchAll(allowed)) {
    shown += shape(text.slice(end, index)) + sequence;
    end = index + sequence.length;
  }
  return shown + shape(text.slice(end));
}

/** The stream in everything but what is written, which goes through `shape`. */
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
