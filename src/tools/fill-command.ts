import { exactJson } from '../text/exact-json.ts';
import { placeholderOf } from './command-declaration.ts';
import type { ToolArguments } from './tool.ts';

/**
 * Returns the program and arguments of a call: each `{{name}}` becomes the value of that parameter as one argument, a list
 * becomes one argument per entry, and a missing value becomes none. Throws an error with a text for the model: a value that
 * begins with a dash could be taken for an option, and is accepted only after `--`.
 */
export function fillCommand(command: readonly [string, ...string[]], values: ToolArguments): [string, ...string[]] {
  const [program, ...elements] = command;
  const args: string[] = [];
  let isBehindDashes = false;
  for (const element of elements) {
    const name = placeholderOf(element);
    if (name === undefined) {
      args.push(element);
      isBehindDashes ||= element === '--';
      continue;
    }
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (one === undefined || one === null) continue;
      const text = typeof one === 'string' ? one : exactJson(one);
      if (text.includes('\0')) throw new Error(`${name} contains a zero byte`);
      if (typeof one === 'string' && text.startsWith('-') && !isBehindDashes) {
        throw new Error(`${name} starts with a dash, so the command could read it as an option`);
      }
      args.push(text);
    }
  }
  return [program, ...args];
}
