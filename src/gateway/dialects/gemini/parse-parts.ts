import type { ContentPart, ReasoningPart, ToolCall } from '../../../apis/message.ts';
import type { Fields } from '../fields.ts';
import { openReasoning } from '../sealed-reasoning.ts';

/** Reasoning of Google's own models: thoughts, and signatures of what they belong to. */
const OWN_FORMAT = 'google-gemini-v1';
/** Under which a signature names the image that it signs. */
const GOOGLE = 'google';
const VIDEO_ADDRESS = /^https:\/\/(www\.)?(youtube\.com\/|youtu\.be\/)/i;
const AUDIO_FORMATS: Readonly<Record<string, string>> = { mpeg: 'mp3', mp4: 'm4a', 'x-wav': 'wav', wave: 'wav', 'x-m4a': 'm4a' };

/** A function's response. Older clients name no call. */
export interface FunctionResult {
  id: string | undefined;
  name: string;
  content: readonly ContentPart[];
}

/** A part's medium or text; undefined for one that has neither. */
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

/** A call; `newId` names one that has no id. */
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

/** A response of one text is that text; any other is JSON. */
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
