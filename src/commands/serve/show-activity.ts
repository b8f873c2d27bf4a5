import type { ActivityLog } from '../../core/serve/activity.ts';
import type { Gateway } from '../../gateway/start-gateway.ts';
import { accountingNoteLines } from '../../output/ledger/notes.ts';
import { moneyText } from '../../output/text/money.ts';
import { countText } from '../../output/text/number.ts';
import { servingText } from '../../output/serve/text.ts';
import { withSandboxLabel } from '../../output/text/sandbox-label.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { Context } from '../context.ts';
import type { RunAccounting } from '../ledger/open-accounting.ts';

/** A ledger that cannot be written adds a note for each request. */
const MOST_NOTES = 50;

interface Shown {
  gateway: Gateway;
  activity: ActivityLog;
  accounting: RunAccounting;
  /** The names of the providers; undefined: the sandbox. */
  answers: readonly string[] | undefined;
  /** Returns the router's state of a target. */
  stateOf: ((target: string) => string | undefined) | undefined;
  /** Returns other notes since the last call. */
  notes: () => readonly string[];
}

/** Shows the gateway's activity until the user leaves. The instructions and the result remain on the normal screen. */
export async function showActivity(
  { gateway, activity, accounting, answers, stateOf, notes: otherNotes }: Shown,
  context: Context,
): Promise<void> {
  const { streams, themeOf } = context.terminal;
  streams.stderr.write(`${gateway.url}\n${servingText(gateway.url, answers)}`);
  const notes: string[] = [];
  const { runServeApp } = await import('../../ui/serve/app.tsx');
  await runServeApp({
    read() {
      notes.push(...accounting.drainNotes().flatMap(accountingNoteLines), ...otherNotes().map(visibleLine));
      notes.splice(0, Math.max(0, notes.length - MOST_NOTES));
      return {
        activity: activity.activity(),
        rate: activity.rate(),
        url: gateway.url,
        notes,
        now: context.clock.now(),
        isSandbox: answers === undefined,
        stateOf,
      };
    },
    stdin: streams.stdin,
    stdout: streams.stdout,
    jobControl: context.lifetime.jobControl,
    theme: themeOf(streams.stdout),
    signal: context.lifetime.interrupt,
  });
  const { requests, failures, cost } = activity.activity();
  const failed = failures === 0 ? '' : `, ${countText(failures)} failed`;
  streams.stderr.write(
    [
      ...notes,
      withSandboxLabel(`served ${countText(requests)} requests${failed}: ${moneyText(cost)}`, answers === undefined),
      '',
    ].join('\n'),
  );
}
