import { flag, numberBetween } from './parsers.ts';
import { withDefault } from './spec.ts';

/** How long orx waits for the network and for limits of the server. Times are in seconds. */
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
  'stall-timeout': withDefault<number>({
    flags: '--stall-timeout <seconds>',
    default: 900,
    description: 'timeout while only pings arrive in seconds',
    parse: numberBetween('stall-timeout', 0.1, 86_400),
  }),
  'retry-max-time': withDefault<number>({
    flags: '--retry-max-time <seconds>',
    env: ['ORX_RETRY_MAX_TIME'],
    default: 60,
    description: 'maximum time for retries and limits in seconds',
    parse: numberBetween('retry-max-time', 0, 86_400),
  }),
  pacing: withDefault<boolean>({
    flags: '--no-pacing',
    env: ['ORX_PACING'],
    default: true,
    description: 'do not wait for learned request limits',
    parse: flag('pacing'),
  }),
} as const;
