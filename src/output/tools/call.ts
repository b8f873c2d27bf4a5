import type { CheckedCall } from '../../core/tools/check-calls.ts';
import type { FinishedCall } from '../../core/tools/run-calls.ts';
import { jsonText } from '../text/json.ts';
import { bytesText } from '../../text/bytes.ts';
import { secondsText } from '../text/number.ts';
import { visibleLine, visibleText } from '../text/visible.ts';

const SHOWN_LINES = 8;
const SHOWN_CHARACTERS = 600;

/**
 * Returns the question whether to allow a call: its name, all arguments, and the command that it would start. The name is
 * repeated below the arguments, which may be longer than the screen.
 */
export function callQuestion({ label, values }: CheckedCall, preview: string | undefined): string {
  const name = visibleLine(label);
  const lines = [
    `? the model wants to call ${name}`,
    ...indented(visibleText(jsonText(values))),
    ...(preview === undefined ? [] : [`  runs: ${visibleLine(preview)}`]),
    `  ${name}: y once · a always in this session · n no · s stop › `,
  ];
  return lines.join('\n');
}

/** Returns the line for a call that needs no confirmation. */
export function callStart({ label, values }: CheckedCall): string {
  return visibleLine(`→ ${label} ${jsonText(values).replaceAll(/\n\s*/g, ' ').trim()}`);
}

/** Returns the result of a call: its outcome, and the start of its text. */
export function callEnd(call: FinishedCall): string {
  const { state, text, label, durationMs = 0 } = call;
  switch (state) {
    case 'refused':
    case 'faulty':
      return visibleLine(`! ${label}: ${text}`);
    case 'stopped':
      return visibleLine(`! ${label}: stopped`);
    case 'done':
    case 'failed': {
      const facts = `${secondsText(durationMs)} · ${bytesText(Buffer.byteLength(text))}`;
      return [visibleLine(`${state === 'done' ? '←' : '✗'} ${label} · ${facts}`), ...indented(start(text))].join('\n');
    }
  }
}

/** Returns a hint for a call that could not be confirmed because there was nobody to ask. */
export function allowHint({ label }: CheckedCall): string {
  return `  allow it with: --allow-tool ${visibleLine(label)}`;
}

function start(text: string): string {
  const lines = visibleText(text.slice(0, SHOWN_CHARACTERS)).trimEnd().split('\n');
  const isCut = text.length > SHOWN_CHARACTERS || lines.length > SHOWN_LINES;
  return [...lines.slice(0, SHOWN_LINES), ...(isCut ? ['…'] : [])].join('\n');
}

function indented(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`);
}
