import { list, numberBetween, wholeNumber } from './parsers.ts';
import { spec, withDefault } from './spec.ts';

/** Settings of what tools may do, and their limits. */
export const TOOLS = {
  'allow-tools': spec<readonly string[]>({
    description: 'tools that run without asking, such as weather:*',
    parse: list('allow-tools'),
  }),
  'max-steps': withDefault<number>({
    flags: '--max-steps <count>',
    default: 10,
    description: 'maximum rounds of tool calls (1-1000)',
    parse: wholeNumber('max-steps', 1, 1000),
  }),
  'tool-timeout': withDefault<number>({
    flags: '--tool-timeout <seconds>',
    default: 60,
    description: 'timeout of one tool call in seconds',
    parse: numberBetween('tool-timeout', 0.1, 3600),
  }),
  'tool-output': withDefault<number>({
    flags: '--tool-output <bytes>',
    default: 50_000,
    description: 'maximum bytes of one tool result',
    parse: wholeNumber('tool-output', 100, 10_000_000),
  }),
} as const;
