import { setFlagsFromString } from 'node:v8';

/**
 * undici parses HTTP with WebAssembly. Node 20 optimises that module in the background and waits for it when the process ends, which
 * takes longer than a whole short answer; newer Nodes do not. To be called after undici is loaded and before the first connection.
 */
export function tuneNode(nodeVersion: string): void {
  if (Number.parseInt(nodeVersion, 10) < 22) setFlagsFromString('--liftoff-only');
}
