import type { DoctorServices } from '../core/doctor/services.ts';
import type { Apis } from './context/apis.ts';
import type { Files } from './context/files.ts';
import type { Lifetime } from './context/lifetime.ts';
import type { Stores } from './context/stores.ts';
import type { Terminal } from './context/terminal.ts';
import type { Tools } from './context/tools.ts';

/** Time, as an argument: the wall clock in milliseconds since 1970, and a monotonic clock for durations. */
export interface Clock {
  now: () => number;
  monotonic: () => number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** What every command receives: created once in cli/context.ts. Loads nothing heavy until it is needed. */
export interface Context {
  terminal: Terminal;
  lifetime: Lifetime;
  files: Files;
  stores: Stores;
  apis: Apis;
  tools: Tools;
  /** Opens what looks at the machine and the network, for `orx doctor`. */
  openDoctorServices: () => Promise<DoctorServices>;
  clock: Clock;
  env: Readonly<Record<string, string | undefined>>;
}
