import type { Message, ReasoningPart } from '../message.ts';
import { parseDirectId } from '../direct-id.ts';
import type { Vendor } from '../vendors.ts';
import { isGemini3 } from './model-facts.ts';

/**
 * Thought signatures: Google's models require each one back on the part on which it arrived. orx stores a signature as an
 * encrypted reasoning part: with the id of the signed call, with the index of the signed image in `apiData`, or with neither for
 * text.
 */
export const GEMINI_REASONING = 'google-gemini-v1';
/** Key in `apiData` of what only this API understands. */
const API = 'google';
/** Google's placeholder for a signature that the client has lost. Source: ai.google.dev/gemini-api/docs/thought-signatures. */
export const LOST_SIGNATURE = 'skip_thought_signature_validator';

/** What a signature belongs to. */
export type Signed = { callId: string } | { image: number } | 'text';

export function signaturePart(signature: string, signed: Signed): ReasoningPart {
  const part: ReasoningPart = { kind: 'encrypted', encrypted: signature, format: GEMINI_REASONING };
  if (signed === 'text') return part;
  return 'callId' in signed ? { ...part, id: signed.callId } : { ...part, apiData: { [API]: { image: signed.image } } };
}

/** The reasoning of a message that Google created. */
export interface OwnReasoning {
  thoughts: readonly ReasoningPart[];
  ofCall: (id: string) => string | undefined;
  ofImage: (place: number) => string | undefined;
  /** Signature of the text, or of its end. */
  ofText: string | undefined;
}

const NONE: OwnReasoning = { thoughts: [], ofCall: () => undefined, ofImage: () => undefined, ofText: undefined };

/**
 * Returns the reasoning that may be sent back with a message. Signatures are valid for the key and the model generation that
 * created them: reasoning from another API or generation is omitted.
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
