/** What a fake vendor is to answer, whatever its wire. */
export interface Spoken {
  reasoning: string;
  text: string;
  calls: readonly { name: string; arguments: Readonly<Record<string, unknown>> }[];
}

/** A request or a reply as JSON. */
export type Json = any;

/** How a fake vendor answers and what it accepts: one of each for every form of wire. It remembers what it signed. */
export interface Wire {
  /** The reply's pieces, in the vendor's own form. `request` is the body that asked for it. */
  reply: (answer: Spoken, request: Json) => readonly string[];
  /** What the vendor would refuse a request for, beyond its published types. */
  faults: (request: Json) => readonly string[];
  /** Reasoning of the turn that goes on that did not come back, where the vendor would answer all the same. */
  losses: (request: Json) => readonly string[];
}

/** Two pieces of a text, so that no reader may rely on whole ones. */
export function halves(text: string): readonly string[] {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)].filter((piece) => piece !== '');
}

export function sse(data: unknown, event?: string): string {
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}

/** Faults of an order of roles: the first asks, and then turns are taken. */
export function alternationFaults(roles: readonly string[], asks: string): readonly string[] {
  return [
    ...(roles[0] === asks ? [] : [`${roles[0]} begins`]),
    ...roles.flatMap((role, index) => (role === roles[index - 1] ? [`${role} after ${role}`] : [])),
    ...(roles.at(-1) === asks ? [] : ['nothing is asked']),
  ];
}

export function isBlank(text: unknown): boolean {
  return typeof text === 'string' && text.trim() === '';
}
