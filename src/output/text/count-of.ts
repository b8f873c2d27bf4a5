import { countText } from './number.ts';

/** Returns a count with its noun: `1 case`, `1,204 cases`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}
