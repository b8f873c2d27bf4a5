import type { FirstReply } from './judge-reply.ts';
import type { StoredFolderFacts } from './judge-files.ts';
import type { ConnectionSettings } from '../settings/groups.ts';
import type { ProxyVariables } from '../../http/proxy.ts';

/** A host that a connection needs: the server of the base URL, or the proxy. */
export interface ProbedHost {
  /** Returns the addresses of its name. Throws OrxError. */
  resolve: (signal: AbortSignal) => Promise<readonly string[]>;
  /** Opens a connection to one of these addresses, and returns that address. Call it after `resolve`. Throws OrxError. */
  connect: (signal: AbortSignal) => Promise<string>;
  /** Starts TLS on this connection, and returns its version. Call it after `connect`. Throws OrxError. */
  startTls: (signal: AbortSignal) => Promise<string>;
  close: () => void;
}

/** What `orx doctor` needs of the machine and the network. */
export interface DoctorServices {
  orxVersion: string;
  nodeVersion: string;
  platform: NodeJS.Platform;
  /** Looks at the stored files. Reading the settings changes their permissions, so call it before. */
  inspectFolders: () => readonly StoredFolderFacts[];
  proxyVariables: (url: URL) => ProxyVariables;
  isLoopback: (host: string) => boolean;
  /** `settings` name certificates; a proxy needs none. */
  probe: (url: URL, settings?: ConnectionSettings) => ProbedHost;
  /** Requests the information about the key without a key, through the proxy if there is one. Throws OrxError. */
  requestFirst: (settings: ConnectionSettings, signal: AbortSignal) => Promise<FirstReply>;
  /** Returns the name of what takes text for the clipboard. */
  findClipboard: () => string | undefined;
}
