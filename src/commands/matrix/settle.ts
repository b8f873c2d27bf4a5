import type { RequestRunner } from '../../core/matrix/requests/request-runner.ts';
import { OrxError } from '../../errors.ts';
import type { Context } from '../context.ts';
import { graceMs, isCtrlC, stoppingLine } from '../stopping.ts';
import type { ProgressLine } from './progress.ts';

interface Settled {
  runner: RequestRunner;
  progress: Pick<ProgressLine, 'clear'>;
  isQuiet: boolean;
  /** The id of the stored run, if it can be continued. */
  runId: string | undefined;
}

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
    runner.stop(reason instanceof OrxError ? reason : new OrxError('stopped', { kind: 'interrupted' }));
    if (!isQuiet && runner.running > 0) {
      progress.clear();
      streams.stderr.write(stoppingLine(runner.running, reason));
      // Nothing more is printed if it is pressed again.
      if (isCtrlC(reason) && runId !== undefined) streams.stderr.write(`note: to continue later: --resume ${runId}\n`);
    }
    void clock.sleep(graceMs(reason), over.signal).then(
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
