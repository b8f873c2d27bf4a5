import type { RequestRunner } from '../../core/matrix/requests/request-runner.ts';
import { OrxError } from '../../errors.ts';
import { countOf } from '../../output/text/count-of.ts';
import type { Context } from '../context.ts';
import type { ProgressLine } from './progress.ts';

interface Settled {
  runner: RequestRunner;
  progress: Pick<ProgressLine, 'clear'>;
  isQuiet: boolean;
  /** The id of the stored run, if it can be continued. */
  runId: string | undefined;
}

/** How long running requests may take after Ctrl-C. After other signals, the process ends in ten seconds. */
const GRACE_MS = 8_000;
const SHORT_GRACE_MS = 3_000;

/**
 * Resolves when the work has ended. After an interrupt no request starts, and running ones get some seconds to end, because they
 * are paid for: then they are canceled. A second Ctrl-C ends the process, which loses only these.
 */
export async function settleAfterStop(
  work: Promise<void>,
  { runner, progress, isQuiet, runId }: Settled,
  { lifetime: { interrupt }, terminal: { streams }, clock }: Context,
): Promise<void> {
  const over = new AbortController();
  const stop = (): void => {
    const { reason } = interrupt as { reason: unknown };
    const isCtrlC = reason instanceof OrxError && reason.code === 'SIGINT';
    runner.stop(reason instanceof OrxError ? reason : new OrxError('stopped', { kind: 'interrupted' }));
    if (!isQuiet && runner.running > 0) {
      progress.clear();
      const again = isCtrlC ? '; Ctrl-C again ends at once' : '';
      streams.stderr.write(`note: stopping; waiting for ${countOf(runner.running, 'running request')}${again}\n`);
      // Nothing more is printed if it is pressed again.
      if (isCtrlC && runId !== undefined) streams.stderr.write(`note: to continue later: --resume ${runId}\n`);
    }
    void clock.sleep(isCtrlC ? GRACE_MS : SHORT_GRACE_MS, over.signal).then(
      () => runner.cancel(),
      () => undefined,
    );
  };
  if (interrupt.aborted) stop();
  else interrupt.addEventListener('abort', stop, { once: true });
  try {
    await work;
  } finally {
    over.abort(new Error('ended'));
    interrupt.removeEventListener('abort', stop);
  }
}
