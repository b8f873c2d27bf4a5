import { modelFamily } from '../../src/core/model-id/family.ts';

type Wire = Record<string, any>;

/**
 * Returns the reasons why a provider that combines all strict rules would reject a request body. The rules are those of Anthropic (tools must be
 * defined, nothing blank, arguments must be objects), Mistral (ids of nine characters, no question directly after a result), OpenAI (plain names, a
 * result for every call) and Gemini (the user begins, and roles alternate).
 */
export function refusals(body: Wire): string[] {
  const messages = body['messages'] as Wire[];
  const spoken = messages.slice(messages.findIndex(({ role }) => role !== 'system'));
  const faults = [
    ...(spoken.some(({ role }) => role === 'system') ? ['an instruction in the middle'] : []),
    ...orderFaults(spoken),
    ...messages.flatMap(contentFaults),
    ...callFaults(spoken, String(body['model'])),
    ...messages.flatMap((message) => reasoningFaults(message, String(body['model']))),
    ...messages.flatMap(({ annotations = [] }) => (annotations.every(isFile) ? [] : ['a citation'])),
  ];
  const usesTools = messages.some(({ role, tool_calls: calls }) => role === 'tool' || calls !== undefined);
  if (usesTools && !(body['tools']?.length > 0)) faults.push('calls of tools that are not defined');
  return faults;
}

const AFTER: Readonly<Record<string, readonly string[]>> = {
  user: ['assistant'],
  assistant: ['user', 'tool'],
  tool: ['tool', 'assistant'],
};

function orderFaults(spoken: readonly Wire[]): string[] {
  const faults = spoken.flatMap(({ role }, index) => {
    const before = spoken[index - 1]?.['role'];
    if (before === undefined) return role === 'user' ? [] : [`${role} begins`];
    return AFTER[before]!.includes(role) ? [] : [`${role} after ${before}`];
  });
  return spoken.at(-1)?.['role'] === 'assistant' ? [...faults, 'nothing is asked'] : faults;
}

function contentFaults({ role, content, tool_calls: calls }: Wire): string[] {
  if (content === null) return role === 'assistant' && calls !== undefined ? [] : [`no content of ${role}`];
  const texts = typeof content === 'string' ? [content] : content.filter((part: Wire) => part['type'] === 'text').map(textOf);
  return texts.some((text: string) => text.trim() === '') || content.length === 0 ? [`blank content of ${role}`] : [];
}

function callFaults(spoken: readonly Wire[], model: string): string[] {
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const [index, { tool_calls: calls }] of spoken.entries()) {
    if (calls === undefined) continue;
    if (calls.length === 0) faults.push('an empty list of calls');
    const after = spoken.slice(index + 1);
    const end = after.findIndex(({ role }) => role !== 'tool');
    const results = after.slice(0, end === -1 ? undefined : end).map((message) => message['tool_call_id']);
    if (results.join('\n') !== calls.map(({ id }: Wire) => id).join('\n')) faults.push('calls and results differ');
    for (const { id, function: called } of calls) {
      if (seen.has(id) || id === '') faults.push(`id ${JSON.stringify(id)} is used twice or empty`);
      if (model.startsWith('mistralai/') && !/^[A-Za-z0-9]{9}$/.test(id)) faults.push(`id ${id} is none of Mistral`);
      if (!/^[\w-]{1,64}$/.test(called.name)) faults.push(`name ${JSON.stringify(called.name)}`);
      if (!isObject(called.arguments)) faults.push(`arguments ${JSON.stringify(called.arguments)}`);
      seen.add(id);
    }
  }
  return faults;
}

/** Checks the fields that tests put into reasoning details: who created them, and in `signs` the call they sign. */
function reasoningFaults({ reasoning_details: details = [], tool_calls: calls = [] }: Wire, model: string): string[] {
  return details.flatMap((detail: Wire) => [
    ...(modelFamily(detail['madeBy']) === modelFamily(model) ? [] : [`reasoning of ${detail['madeBy']} for ${model}`]),
    ...(detail['signs'] === true && !calls.some(({ id }: Wire) => id === detail['id']) ? ['reasoning about no call'] : []),
  ]);
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function isFile(annotation: unknown): boolean {
  return (annotation as Wire)['type'] === 'file';
}

function textOf(part: Wire): string {
  return part['text'];
}
