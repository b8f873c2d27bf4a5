import type { Gateway } from '../../gateway/start-gateway.ts';
import { OrxError } from '../../errors.ts';
import type { Context } from '../context.ts';
import { SETTLE_MS } from './configuration.ts';
import type { TlsFiles } from '../../gateway/listen.ts';
import { readCertificate, type TlsPaths } from './listen-options.ts';
import type { ServerNotes } from './server-notes.ts';

/**
 * Reads the certificate and its key again when one of the files changes, and on SIGHUP. New connections use them; open ones continue. Returns a
 * function that stops this.
 */
export function renewTls(
  { tls, first }: { tls: TlsPaths; first: TlsFiles },
  gateway: Gateway,
  context: Context,
  notes: ServerNotes,
): () => void {
  const { files, lifetime, clock } = context;
  let reading: Promise<unknown> = Promise.resolve();
  let last = JSON.stringify(first);
  const renew = async (): Promise<void> => {
    try {
      const renewed = await readCertificate(tls, context);
      const text = JSON.stringify(renewed);
      if (text === last) return;
      gateway.renewTls(renewed);
      last = text;
      notes.add('the TLS certificate was read again; new connections use it');
    } catch (error) {
      if (!(error instanceof OrxError)) throw error;
      notes.add(`${error.message}; the old TLS certificate stays in use`);
    }
  };
  const schedule = (settleMs: number): void => {
    reading = reading
      .then(() => clock.sleep(settleMs, lifetime.interrupt))
      .then(renew)
      .catch(() => undefined);
  };
  const watches = [tls.certificate, tls.privateKey].map((path) => files.watchFile(path, () => schedule(SETTLE_MS)));
  lifetime.onHangup(() => schedule(0));
  return () => watches.forEach((close) => close());
}
