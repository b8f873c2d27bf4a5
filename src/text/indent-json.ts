import { endOfString } from './exact-json.ts';

const STEP = '  ';

/** Returns valid JSON text with two spaces of indentation. Strings and numbers stay as they were written. */
export function indentJson(json: string): string {
  const pieces: string[] = [];
  let depth = 0;
  const line = (): string => `\n${STEP.repeat(depth)}`;
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at]!;
    switch (character) {
      case '"': {
        const end = endOfString(json, at + 1);
        pieces.push(json.slice(at, end));
        at = end - 1;
        break;
      }
      case '{':
      case '[': {
        const close = /[^\s]/g;
        close.lastIndex = at + 1;
        const next = close.exec(json);
        if (next !== null && (next[0] === '}' || next[0] === ']')) {
          pieces.push(character + next[0]);
          at = next.index;
          break;
        }
        depth += 1;
        pieces.push(character, line());
        break;
      }
      case '}':
      case ']':
        depth -= 1;
        pieces.push(line(), character);
        break;
      case ',':
        pieces.push(character, line());
        break;
      case ':':
        pieces.push(': ');
        break;
      case ' ':
      case '\n':
      case '\r':
      case '\t':
        break;
      default:
        pieces.push(character);
    }
  }
  return pieces.join('');
}
