import type { FunctionTool } from '../../../apis/request-parameters.ts';
import type { Fields } from '../fields.ts';

/**
 * Converts tools whose argument is free text (`custom`, with which Codex edits files) for models that only know functions: the
 * function has one parameter with the text.
 */
const PARAMETER = 'input';

export function customTool(tool: Fields): FunctionTool {
  const format = tool.object('format');
  const grammar = format?.text('type') === 'grammar' ? format : undefined;
  const rule =
    grammar === undefined
      ? ''
      : `The ${PARAMETER} follows this ${grammar.text('syntax') ?? ''} grammar:\n${grammar.text('definition') ?? ''}`;
  const description = [tool.text('description') ?? '', rule].filter((text) => text !== '').join('\n\n');
  return {
    type: 'function',
    name: tool.requiredText('name'),
    ...(description !== '' && { description }),
    parameters: {
      type: 'object',
      properties: { [PARAMETER]: { type: 'string' } },
      required: [PARAMETER],
      additionalProperties: false,
    },
  };
}

/** Returns the arguments of such a function for a text. */
export function wrappedInput(text: string): string {
  return JSON.stringify({ [PARAMETER]: text });
}

/** Returns the text in the arguments of such a function. Arguments in another form are used as the text. */
export function unwrappedInput(given: string): string {
  try {
    const value: unknown = JSON.parse(given);
    const text = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[PARAMETER] : undefined;
    return typeof text === 'string' ? text : given;
  } catch {
    return given;
  }
}
