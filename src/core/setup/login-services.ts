import type { KeyInfo } from '../../apis/api.ts';

/** What `orx auth login` needs of the terminal, the browser and the API. An interrupt ends all of it. */
export interface LoginServices {
  /** Whether the user probably sits in front of a browser on this machine. */
  hasBrowser: boolean;
  /** Asks on the terminal without echo. If standard input is not a terminal, reads its first line without asking. */
  ask: (question: string) => Promise<string>;
  /** Runs the browser flow: shows the page's URL, opens it, waits for the browser to send the code, and resolves to the key. */
  withBrowser: (showUrl: (url: string) => void) => Promise<string>;
  /** Runs the flow without a local browser: the page at the URL shows a code, which the user enters. Resolves to the key. */
  withCode: (askForCode: (url: string) => Promise<string>) => Promise<string>;
  /** Returns what the API reports about a key that is not stored yet. */
  keyInfo: (key: string) => Promise<KeyInfo>;
}
