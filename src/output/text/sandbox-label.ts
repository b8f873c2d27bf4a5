/** Shown on every screen whose answers, prices or spending are simulated. */
export const SANDBOX_LABEL = 'SANDBOX';

/** Returns the text, with the label in front of it in the sandbox. */
export function withSandboxLabel(text: string, isSandbox: boolean): string {
  return isSandbox ? `${SANDBOX_LABEL} · ${text}` : text;
}
