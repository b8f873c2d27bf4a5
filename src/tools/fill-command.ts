import { exactJson } from '../text/exact-json.ts';
import { placeholderOf } from './command-declaration.ts';
import type { ToolArguments } from './tool.ts';

/**
 * The program and arguments of a call: each `{{name}}` becomes the value of that parameter as one argument, a list as one argument an
 * entry; where there is no value, nothing. Throws what the model is told: a text that begins with a dash could pass for an option, and is
 * taken only behind `--`.
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
      if (text.includes('\0')) throw new Error(`${name} holds a zero byte`);
      if (typeof one === 'string' && text.startsWith('-') && !isBehindDashes) {
        throw new Error(`${name} begins with a dash, which the command could take for an option`);
      }
      args.push(text);
    }
  }
  return [program, ...args];
}
