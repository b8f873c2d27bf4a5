import type { ExpectationServices } from '../../core/evaluation/expectations/evaluate-case.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import type { ToolServices } from './tool-services.ts';

/** Tools of models, and scripts of the user's files. */
export interface Tools {
  /** Opens the tools of servers and files once. When the command ends, their connections and processes are ended. */
  open: (settings: ConnectionSettings) => Promise<ToolServices>;
  /** Returns what runs scripts and regular expressions from the user's files, with limits. */
  openScripts: () => Promise<Pick<ExpectationServices, 'runScript' | 'withinTime'>>;
}
