import { list, numberBetween, wholeNumber } from './parsers.ts';
import { spec, withDefault } from './spec.ts';

/** Settings of what tools may do, and how much of it. */
export const TOOLS = {
  'allow-tools': spec<readonly string[]>({
    description: 'tools that run unasked wherever they are offered, such as weather:* (comma list)',
    parse: list('allow-tools'),
  }),
  'max-steps': withDefault<number>({
    flags: '--max-steps <count>',
    default: 10,
    description: 'rounds of tool calls, after which the model has to answer without',
    parse: wholeNumber('max-steps', 1, 1000),
  }),
  'tool-timeout': withDefault<number>({
    flags: '--tool-timeout <seconds>',
    default: 60,
    description: 'seconds that one call of a tool may take',
    parse: numberBetween('tool-timeout', 0.1, 3600),
  }),
  'tool-output': withDefault<number>({
    flags: '--tool-output <bytes>',
    default: 50_000,
    description: 'bytes of one result that the model is told; the rest is cut, with a note to it',
    parse: wholeNumber('tool-output', 100, 10_000_000),
  }),
} as const;
