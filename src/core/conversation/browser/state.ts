import type { ConversationTitle } from '../../../storage/conversations/conversations.ts';

/** What the user leaves the browser for. */
export type BrowserOutcome = { type: 'leave' } | { type: 'stop' } | { type: 'resume'; id: string };

/** Work that a key asks for, done once by whoever runs the browser. */
export type BrowserTask =
  | { type: 'delete'; id: string }
  | { type: 'rename'; id: string; title: string }
  | { type: 'export'; id: string }
  | { type: 'copy'; id: string };

/** The whole state of the browser of conversations. */
export interface HistoryBrowser {
  /** Latest change first. */
  all: readonly ConversationTitle[];
  /** Those that match the query, and the project where it is asked for. */
  rows: readonly ConversationTitle[];
  query: string;
  /** Ids of the conversations with a message that holds the query; undefined: not looked for yet. */
  matches: ReadonlySet<string> | undefined;
  /** The project that the user is in, and whether only its conversations are shown. */
  project: string;
  isProjectOnly: boolean;
  /** Where letters go: to the query, or to what they stand for. */
  focus: 'query' | 'keys';
  /** Index into rows; 0 without rows. */
  cursor: number;
  /** First row in view, and how many there is room for (one at least). */
  top: number;
  height: number;
  /** Rows that the preview was moved from where it begins. */
  previewBy: number;
  pane: 'list' | 'help' | 'delete' | 'rename';
  helpTop: number;
  /** A new title as it is typed. */
  draft: string;
  /** Told until the next key. */
  note: string | undefined;
  task: BrowserTask | undefined;
  outcome: BrowserOutcome | undefined;
}

export type BrowserAction =
  | { type: 'type'; text: string }
  | { type: 'erase' | 'clear' | 'top' | 'bottom' | 'focus' | 'help' | 'back' | 'leave' | 'stop' }
  | { type: 'resume' | 'delete' | 'rename' | 'export' | 'copy' | 'project' }
  | { type: 'move' | 'page' | 'preview'; by: number }
  | { type: 'height'; rows: number }
  /** What a search for this query found. */
  | { type: 'matches'; query: string; ids: ReadonlySet<string> }
  | { type: 'deleted'; id: string }
  | { type: 'renamed'; id: string; title: string }
  | { type: 'note'; note: string };
