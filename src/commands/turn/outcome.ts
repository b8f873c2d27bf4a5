import type { Outcome } from '../../core/answer/collect.ts';
import type { ToolOutcome } from '../../core/tools/run-with-tools.ts';

/** An outcome; for a turn with tools, also its steps and the messages that it adds. */
export type TurnOutcome = Outcome & Partial<ToolOutcome>;
