import type { KeyInfo } from '../apis/api.ts';

/** What `orx auth login` needs of the terminal, the browser and the API. All of it ends when the run is interrupted. */
export interface LoginServices {
  /** Whether a browser on this machine is likely to be in front of the user. */
  hasBrowser: boolean;
  /** Asks on the terminal without an echo; where standard input is none, reads its first line and asks nothing. */
  ask: (question: string) => Promise<string>;
  /** The browser flow: shows the page's address, opens it, waits for the browser to bring the code, and resolves to the key. */
  withBrowser: (showUrl: (url: string) => void) => Promise<string>;
  /** The flow without a browser here: the page at the address shows a code, which the user brings. Resolves to the key. */
  withCode: (askForCode: (url: string) => Promise<string>) => Promise<string>;
  /** What the API says about a key that is not stored yet. */
  keyInfo: (key: string) => Promise<KeyInfo>;
}
