/** An answer of a fake vendor, independent of its wire format. */
export interface Spoken {
  reasoning: string;
  text: string;
  calls: readonly { name: string; arguments: Readonly<Record<string, unknown>> }[];
}

/** A request or a reply as JSON. */
export type Json = any;

/** How a fake vendor answers and what it accepts, one per wire format. It remembers what it signed. */
export interface Wire {
  /** Returns the pieces of the reply in the vendor's format. `request` is the request body. */
  reply: (answer: Spoken, request: Json) => readonly string[];
  /** Returns the reasons why the vendor would reject a request, beyond its published types. */
  faults: (request: Json) => readonly string[];
  /** Returns the reasoning of the current turn that is missing from the request although the vendor would still answer. */
  losses: (request: Json) => readonly string[];
}

/** Returns a text in two pieces, so that no reader can rely on whole texts. */
export function halves(text: string): readonly string[] {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)].filter((piece) => piece !== '');
}

export function sse(data: unknown, event?: string): string {
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}

/** Returns faults in the order of roles: the asking role comes first, then the roles alternate. */
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
