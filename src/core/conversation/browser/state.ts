import type { ConversationTitle } from '../../../storage/conversations/conversations.ts';

/** How the user left the browser. */
export type BrowserOutcome = { type: 'leave' } | { type: 'stop' } | { type: 'resume'; id: string };

/** A task that a key press requests; the caller runs it once. */
export type BrowserTask =
  | { type: 'delete'; id: string }
  | { type: 'rename'; id: string; title: string }
  | { type: 'export'; id: string }
  | { type: 'copy'; id: string };

/** The complete state of the browser of conversations. */
export interface HistoryBrowser {
  /** Most recently changed first. */
  all: readonly ConversationTitle[];
  /** The conversations that match the query and the project filter. */
  rows: readonly ConversationTitle[];
  query: string;
  /** Ids of the conversations with a message that contains the query; undefined until the search ends. */
  matches: ReadonlySet<string> | undefined;
  /** The user's current project, and whether only its conversations are shown. */
  project: string;
  isProjectOnly: boolean;
  /** Where letters go: to the query, or to the actions of their keys. */
  focus: 'query' | 'keys';
  /** Index into rows; 0 if there are none. */
  cursor: number;
  /** First visible row, and number of visible rows (at least one). */
  top: number;
  height: number;
  /** Rows by which the preview is scrolled from its initial position. */
  previewBy: number;
  pane: 'list' | 'help' | 'delete' | 'rename';
  helpTop: number;
  /** The new title while it is typed. */
  draft: string;
  /** Shown until the next key press. */
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
  /** The result of a search for this query. */
  | { type: 'matches'; query: string; ids: ReadonlySet<string> }
  | { type: 'deleted'; id: string }
  | { type: 'renamed'; id: string; title: string }
  | { type: 'note'; note: string };
