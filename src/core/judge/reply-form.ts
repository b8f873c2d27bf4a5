import type { RequestParameters } from '../../apis/request-parameters.ts';
import type { JudgeTask } from './tasks.ts';

/** The form of a judge's reply: by a JSON schema, by a tool that it must call, or only by the prompt. */
export type ReplyForm = 'schema' | 'tool' | 'text';

/** Returns the forms that a model supports, the strictest first. Without a list of parameters only the prompt can ask for one. */
export function replyForms(parameters: readonly string[] = []): readonly ReplyForm[] {
  const has = (name: string): boolean => parameters.includes(name);
  return [
    ...(has('structured_outputs') ? (['schema'] as const) : []),
    ...(has('tools') && has('tool_choice') ? (['tool'] as const) : []),
    'text',
  ];
}

/** Returns the request parameters that make a judge reply in a form. */
export function formParameters(form: ReplyForm, { name, field, fieldSchema }: JudgeTask<unknown>): RequestParameters {
  const schema = {
    type: 'object',
    properties: { reason: { type: 'string' }, [field]: fieldSchema },
    required: ['reason', field],
    additionalProperties: false,
  };
  if (form === 'schema') return { responseFormat: { type: 'json_schema', name, schema, strict: true } };
  if (form === 'text') return {};
  const description = 'States the decision, after the reason for it.';
  return { tools: [{ type: 'function', name, description, parameters: schema }], toolChoice: { name } };
}

/** Returns the instruction that tells a judge the form. */
export function formText(form: ReplyForm, { name, field, values }: JudgeTask<unknown>): string {
  const fields = `"reason" (two or three sentences), then "${field}": ${values}`;
  return form === 'tool'
    ? `Call the tool "${name}" once, with ${fields}.`
    : `Reply with one JSON object and nothing else: first ${fields}.`;
}

/** The part of a reply that holds the decision. */
export interface JudgedReply {
  text: string;
  toolCalls: readonly { name: string; arguments: string }[];
  finishReason?: string | undefined;
}

/** Returns the text of a reply that holds the decision: the arguments of the call, or what the model wrote instead. */
export function replyText({ toolCalls, text }: JudgedReply, { name }: JudgeTask<unknown>): string {
  return toolCalls.findLast((call) => call.name === name)?.arguments ?? text;
}
