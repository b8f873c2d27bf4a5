/**
 * Returns the arguments after `orx` in a command line, as a shell splits them, or undefined if the line has no orx. Whatever precedes it (a pipe, a
 * variable) or follows it (a pipe, a redirection) is left out.
 */
export function orxWords(line: string): string[] | undefined {
  const words = shellWords(line);
  const start = words.lastIndexOf('orx');
  if (start === -1) return undefined;
  const rest = words.slice(start + 1);
  const end = rest.findIndex((word) => ['|', '>', '>>', '<', '&&', ';', '#'].includes(word));
  return end === -1 ? rest : rest.slice(0, end);
}

function shellWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (const character of line.replaceAll(/\$\([^)]*\)/g, 'substituted').replace(/<\(([^)]*)\)/, '$1')) {
    if (quote !== '') {
      if (character === quote) quote = '';
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (character === ' ') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  return word === undefined ? words : [...words, word];
}
