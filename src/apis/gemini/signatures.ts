import type { Message, ReasoningPart } from '../message.ts';
import { parseDirectId } from '../direct-id.ts';
import type { Vendor } from '../vendors.ts';
import { isGemini3 } from './model-facts.ts';

/**
 * Thought signatures: what a model of Google wants back on the very part that it came on. A signature is kept as an encrypted reasoning part:
 * with the id of the call that it signs, with the place of the image that it signs in `apiData`, or, for text, with neither.
 */
export const GEMINI_REASONING = 'google-gemini-v1';
/** What only this API understands stands under this name in `apiData`. */
const API = 'google';
/** Google's own word for a signature that the client has lost. Source: ai.google.dev/gemini-api/docs/thought-signatures. */
export const LOST_SIGNATURE = 'skip_thought_signature_validator';

/** What a signature belongs to. */
export type Signed = { callId: string } | { image: number } | 'text';

export function signaturePart(signature: string, signed: Signed): ReasoningPart {
  const part: ReasoningPart = { kind: 'encrypted', encrypted: signature, format: GEMINI_REASONING };
  if (signed === 'text') return part;
  return 'callId' in signed ? { ...part, id: signed.callId } : { ...part, apiData: { [API]: { image: signed.image } } };
}

/** The reasoning of a message that is Google's own. */
export interface OwnReasoning {
  thoughts: readonly ReasoningPart[];
  ofCall: (id: string) => string | undefined;
  ofImage: (place: number) => string | undefined;
  /** Of the text, or of its end. */
  ofText: string | undefined;
}

const NONE: OwnReasoning = { thoughts: [], ofCall: () => undefined, ofImage: () => undefined, ofText: undefined };

/**
 * Returns the reasoning that may go back with a message. Signatures hold for the key and the generation of models that they were made by: what
 * came through another API, or of another generation, is left out.
 */
export function ownReasoningOf({ reasoningParts = [], answeredBy }: Message, model: string, vendor: Vendor): OwnReasoning {
  if (!isOwn(answeredBy, model, vendor)) return NONE;
  const own = reasoningParts.filter(({ format }) => format === GEMINI_REASONING);
  const signatures = own.filter(({ kind, encrypted }) => kind === 'encrypted' && encrypted !== undefined);
  return {
    thoughts: own.filter(({ kind, text }) => kind === 'text' && text !== undefined && text !== ''),
    ofCall: (id) => signatures.find((part) => part.id === id)?.encrypted,
    ofImage: (place) => signatures.find((part) => imageOf(part) === place)?.encrypted,
    ofText: signatures.findLast((part) => part.id === undefined && imageOf(part) === undefined)?.encrypted,
  };
}

function isOwn(answeredBy: string | undefined, model: string, vendor: Vendor): boolean {
  if (answeredBy === undefined || answeredBy === '') return true;
  const direct = parseDirectId(answeredBy);
  return direct?.vendor === vendor.name && isGemini3(direct.model) === isGemini3(model);
}

function imageOf({ apiData }: ReasoningPart): unknown {
  const own = apiData?.[API];
  return typeof own === 'object' && own !== null ? (own as Readonly<Record<string, unknown>>)['image'] : undefined;
}
