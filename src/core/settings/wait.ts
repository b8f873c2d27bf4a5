import { numberBetween } from './parsers.ts';
import { withDefault } from './spec.ts';

/** Timeouts of network requests, in seconds. */
export const WAITS = {
  'connect-timeout': withDefault<number>({
    flags: '--connect-timeout <seconds>',
    default: 10,
    description: 'connection timeout in seconds',
    parse: numberBetween('connect-timeout', 0.1, 3600),
  }),
  'first-byte-timeout': withDefault<number>({
    flags: '--first-byte-timeout <seconds>',
    default: 60,
    description: 'timeout for the first byte in seconds',
    parse: numberBetween('first-byte-timeout', 0.1, 3600),
  }),
  'idle-timeout': withDefault<number>({
    flags: '--idle-timeout <seconds>',
    default: 60,
    description: 'idle timeout while streaming in seconds',
    parse: numberBetween('idle-timeout', 0.1, 3600),
  }),
} as const;
