import type { ContentPart, ReasoningPart, ToolCall } from '../../../apis/message.ts';
import type { Fields } from '../fields.ts';
import { openReasoning } from '../sealed-reasoning.ts';

/** Format of the reasoning of Google's own models: its text, and the signatures of other parts. */
const OWN_FORMAT = 'google-gemini-v1';
/** Key in `apiData` under which a signature names the image that it signs. */
const GOOGLE = 'google';
const VIDEO_ADDRESS = /^https:\/\/(www\.)?(youtube\.com\/|youtu\.be\/)/i;
const AUDIO_FORMATS: Readonly<Record<string, string>> = { mpeg: 'mp3', mp4: 'm4a', 'x-wav': 'wav', wave: 'wav', 'x-m4a': 'm4a' };

/** A function response. Older clients do not send the id of the call. */
export interface FunctionResult {
  id: string | undefined;
  name: string;
  content: readonly ContentPart[];
}

/** Returns the medium or text of a part, or undefined when it has neither. */
export function parseMedium(part: Fields): ContentPart | undefined {
  const text = part.text('text');
  if (text !== undefined) return text === '' ? undefined : { type: 'text', text };
  const inline = part.object('inlineData');
  if (inline !== undefined) return inlineMedium(inline);
  const file = part.object('fileData');
  return file === undefined ? undefined : fileMedium(file);
}

function inlineMedium(inline: Fields): ContentPart {
  const type = inline.requiredText('mimeType').toLowerCase();
  const data = inline.requiredText('data').replaceAll('-', '+').replaceAll('_', '/');
  const [kind = '', subtype = ''] = (type.split(';')[0] ?? '').split('/');
  const url = `data:${type};base64,${data}`;
  if (kind === 'image' || kind === 'video') return { type: kind, url };
  if (kind === 'audio') return { type: 'audio', data, format: AUDIO_FORMATS[subtype] ?? subtype };
  return { type: 'file', name: inline.text('displayName') ?? 'file', url };
}

function fileMedium(file: Fields): ContentPart {
  const url = file.requiredText('fileUri');
  const type = file.text('mimeType') ?? '';
  if (type.startsWith('image/')) return { type: 'image', url };
  if (type.startsWith('video/') || VIDEO_ADDRESS.test(url)) return { type: 'video', url };
  return { type: 'file', name: file.text('displayName') ?? url.split(/[?#]/)[0]!.split('/').at(-1)!, url };
}

/** Parses a call. `newId` creates the id of a call without one. */
export function parseCall(call: Fields, newId: () => string): ToolCall {
  const args = call.object('args')?.values ?? {};
  return { id: call.text('id') ?? newId(), name: call.requiredText('name'), arguments: JSON.stringify(args) };
}

export function parseFunctionResult(result: Fields): FunctionResult {
  const media = result.objects('parts').flatMap((part) => parseMedium(part) ?? []);
  const text = resultText(result.object('response')?.values ?? {});
  return {
    id: result.text('id'),
    name: result.requiredText('name'),
    content: [...(text === '' ? [] : [{ type: 'text', text } as const]), ...media],
  };
}

/** Returns the text of a response with a single text; any other becomes JSON. */
function resultText(response: Readonly<Record<string, unknown>>): string {
  const [[name, value] = ['', undefined], ...others] = Object.entries(response);
  const isText = others.length === 0 && ['output', 'result', 'content'].includes(name) && typeof value === 'string';
  return isText ? (value as string) : Object.keys(response).length === 0 ? '' : JSON.stringify(response);
}

/** What a signature belongs to: a thought, a call, an image, or the text. */
export type SignedPart = { thought: string } | { callId: string } | { image: number } | 'text';

export function reasoningOf(
  signature: string | undefined,
  signed: SignedPart,
): { parts: readonly ReasoningPart[]; answeredBy?: string | undefined } {
  const sealed = signature === undefined ? undefined : openReasoning(signature);
  if (sealed !== undefined) return sealed;
  if (typeof signed === 'object' && 'thought' in signed) {
    if (signed.thought === '' && signature === undefined) return { parts: [] };
    const thought = { kind: 'text' as const, text: signed.thought, format: OWN_FORMAT };
    return { parts: [signature === undefined ? thought : { ...thought, signature }] };
  }
  if (signature === undefined) return { parts: [] };
  const part = { kind: 'encrypted' as const, encrypted: signature, format: OWN_FORMAT };
  if (signed === 'text') return { parts: [part] };
  return { parts: ['callId' in signed ? { ...part, id: signed.callId } : { ...part, apiData: { [GOOGLE]: signed } }] };
}
