import type { Message } from '../../apis/message.ts';
import type { CheckAnswer } from '../schema/check-answer.ts';
import type { RequestOverrides } from '../request/chat-request.ts';
import type { RequestSettings, RoutingSettings } from '../settings/groups.ts';

/** What tells a lane from the other lanes of its comparison. */
export interface LaneIdentity {
  /** The requested model. */
  model: string;
  /** The lane's number, from 0. Repetitions of a lane share it. */
  lane: number;
  /** From 1. Undefined if the comparison does not repeat its lanes. */
  repetition?: number | undefined;
  /** The only endpoint that may answer. */
  endpoint?: { tag: string; provider: string } | undefined;
  /** What `--vary` changed for this lane, in the order of the flags. Empty if it changed nothing. */
  varied: readonly VariedValue[];
}

/** One value of `--vary`. */
export interface VariedValue {
  /** A parameter, or `system`, `template` or `prompt`. */
  key: string;
  /** The text that is used. */
  text: string;
  /** How a heading names it: a file by its name, everything else by its text. */
  label: string;
}

/** One request of a comparison, before it is sent. */
export interface LanePlan extends LaneIdentity {
  messages: readonly Message[];
  settings: RequestSettings & RoutingSettings;
  overrides: RequestOverrides;
  /** Returns why an answer does not have the requested form; undefined if it has. */
  checkAnswer?: CheckAnswer | undefined;
}

/** Returns what distinguishes a lane from others of the same model, in a few words: `Novita · temperature 0.7 · #2`. */
export function laneDetail({ endpoint, varied, repetition }: LaneIdentity): string {
  const parts = varied.map(({ key, label }) => `${key} ${shortLabel(label)}`);
  if (endpoint !== undefined) parts.unshift(endpoint.tag);
  if (repetition !== undefined) parts.push(`#${repetition}`);
  return parts.join(' · ');
}

const LONGEST_LABEL = 32;

function shortLabel(label: string): string {
  const line = label.replace(/\s+/g, ' ').trim();
  const letters = [...line];
  return letters.length > LONGEST_LABEL ? `${letters.slice(0, LONGEST_LABEL - 1).join('')}…` : line;
}
