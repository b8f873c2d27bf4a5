import { usageError } from '../../errors.ts';
import { type Gateway, type GatewayOptions, startGateway } from '../../gateway/start-gateway.ts';
import { capability } from '../../apis/api.ts';
import type { StreamCompletion } from '../../apis/completion.ts';
import { embedThrough, rerankThrough } from '../../core/pipeline/embed-through.ts';
import { createSandboxApi } from '../../sandbox/sandbox-api.ts';
import { systemClock } from '../clock.ts';

type Wrap = (stream: StreamCompletion) => StreamCompletion;

export interface SandboxServerOptions extends Omit<
  GatewayOptions,
  'api' | 'now' | 'monotonic' | 'limits' | 'passesCuts' | 'asksVendor' | 'isReady'
> {
  /** Divides all simulated waits. Default: ORX_SANDBOX_SPEED, or 1. */
  speed?: number | undefined;
  /** Wraps every completion, for example in a ledger. */
  wrap?: Wrap | undefined;
  /** Wraps embeddings and rankings as completions, which no cache may answer. Default: not wrapped. */
  record?: Wrap | undefined;
  /** Whether the server keeps the process running. Default: false, so that it ends with the command that uses it. */
  keepsProcessAlive?: boolean | undefined;
}

/** Serves the simulated API on a loopback port of this process. Accepts any key. Throws kind `usage` when the port is in use. */
export function startSandbox(start: SandboxServerOptions): Promise<Gateway> {
  const { speed, wrap = (stream) => stream, record = (stream) => stream, keepsProcessAlive = false, ...served } = start;
  const api = createSandboxApi({ clock: systemClock, speed: speed ?? speedFrom(process.env['ORX_SANDBOX_SPEED']) });
  return startGateway({
    api: {
      ...api,
      streamCompletion: wrap(api.streamCompletion),
      embed: embedThrough(capability(api, 'embed'), record),
      rerank: rerankThrough(capability(api, 'rerank'), record),
    },
    now: systemClock.now,
    monotonic: systemClock.monotonic,
    ...served,
    keepsProcessAlive,
    // OpenRouter's streams begin with a comment.
    limits: { quietMs: 0 },
    passesCuts: true,
  });
}

function speedFrom(text: string | undefined): number {
  if (text === undefined || text.trim() === '') return 1;
  const speed = Number(text);
  if (speed >= 0.01 && speed <= 1_000_000) return speed;
  throw usageError('ORX_SANDBOX_SPEED must be a number from 0.01 to 1000000 (a multiple of the real speed)');
}
