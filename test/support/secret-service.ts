import { createCipheriv, createDecipheriv, createDiffieHellmanGroup, hkdfSync, randomBytes } from 'node:crypto';
import { type DbusCall, type DbusReply, type EmitSignal, startDbus, type Variant } from './dbus.ts';

const SERVICE = 'org.freedesktop.secrets';
const ROOT = '/org/freedesktop/secrets';
const COLLECTION = `${ROOT}/collection/login`;
const PROMPT = `${ROOT}/prompt/p1`;
const NO_OBJECT = '/';
const DH = 'dh-ietf1024-sha256-aes128-cbc-pkcs7';

interface StoredItem {
  attributes: Readonly<Record<string, string>>;
  label: string;
  secret: Buffer;
}

export interface SecretServiceOptions {
  /** Every access needs the user, who then unlocks it, dismisses the prompt, or does not answer. */
  locked?: 'unlocks' | 'dismisses' | 'is-away';
  /** Called when the user would be asked. */
  onPrompt?: () => void;
}

export interface SecretService {
  /** For DBUS_SESSION_BUS_ADDRESS. */
  address: string;
  /** The stored secrets by `service account`. */
  secrets: () => Readonly<Record<string, string>>;
  /** Whether every secret came and went encrypted. */
  wasEncrypted: () => boolean;
  /** Which methods were called. */
  calls: readonly string[];
  /** Stores a secret for an account of orx. */
  put: (account: string, secret: string) => void;
  lock: (behavior: NonNullable<SecretServiceOptions['locked']>) => void;
}

/** Starts a keychain as desktops have it (the Secret Service API), with a real protocol on a real socket. It ends with the test. */
export async function startSecretService({ locked, onPrompt }: SecretServiceOptions = {}): Promise<SecretService> {
  const items = new Map<string, StoredItem>();
  const sessions = new Map<string, Buffer | undefined>();
  const calls: string[] = [];
  let lockedFor = locked;
  let count = 0;

  const encrypted = (session: string, secret: Buffer): unknown[] => {
    const key = sessions.get(session);
    if (key === undefined) return [session, Buffer.alloc(0), secret, 'text/plain'];
    const iv = randomBytes(16);
    const cipher = createCipheriv('aes-128-cbc', key, iv);
    return [session, iv, Buffer.concat([cipher.update(secret), cipher.final()]), 'text/plain'];
  };
  const decrypted = ([session, iv, bytes]: readonly unknown[]): Buffer => {
    const key = sessions.get(session as string);
    if (key === undefined) return Buffer.from(bytes as Buffer);
    const decipher = createDecipheriv('aes-128-cbc', key, iv as Buffer);
    return Buffer.concat([decipher.update(bytes as Buffer), decipher.final()]);
  };
  const matching = (wanted: readonly unknown[]): string[] =>
    [...items]
      .filter(([, { attributes }]) => (wanted as [string, string][]).every(([name, text]) => attributes[name] === text))
      .map(([path]) => path);

  const openSession = ([algorithm, input]: readonly unknown[]): DbusReply => {
    const session = `${ROOT}/session/s${(count += 1)}`;
    if (algorithm === 'plain') {
      sessions.set(session, undefined);
      return { type: 'vo', body: [{ type: 's', value: '' }, session] };
    }
    if (algorithm !== DH) return { error: 'org.freedesktop.DBus.Error.NotSupported', message: String(algorithm) };
    const own = createDiffieHellmanGroup('modp2');
    own.generateKeys();
    const shared = own.computeSecret((input as Variant).value as Buffer);
    const padded = Buffer.concat([Buffer.alloc(128 - shared.length), shared]);
    sessions.set(session, Buffer.from(hkdfSync('sha256', padded, Buffer.alloc(32), Buffer.alloc(0), 16)));
    return { type: 'vo', body: [{ type: 'ay', value: own.getPublicKey() }, session] };
  };

  const createItem = ([properties, secret]: readonly unknown[]): DbusReply => {
    if (lockedFor !== undefined) return isLocked();
    const values = new Map((properties as [string, Variant][]).map(([name, { value }]) => [name.split('.').at(-1), value]));
    const attributes = Object.fromEntries(values.get('Attributes') as [string, string][]);
    const path = matching(Object.entries(attributes))[0] ?? `${COLLECTION}/i${(count += 1)}`;
    items.set(path, { attributes, label: String(values.get('Label')), secret: decrypted(secret as unknown[]) });
    return { type: 'oo', body: [path, NO_OBJECT] };
  };

  const prompt = (emit: EmitSignal): DbusReply => {
    onPrompt?.();
    if (lockedFor === 'is-away') return { type: '', body: [] };
    const isDismissed = lockedFor === 'dismisses';
    if (!isDismissed) lockedFor = undefined;
    setImmediate(() =>
      emit({
        path: PROMPT,
        interface: 'org.freedesktop.Secret.Prompt',
        member: 'Completed',
        type: 'bv',
        body: [isDismissed, { type: 'ao', value: isDismissed ? [] : [COLLECTION, ...items.keys()] }],
      }),
    );
    return { type: '', body: [] };
  };

  const property = (path: string, name: string): Variant | undefined => {
    const item = items.get(path);
    if (name === 'Locked') return { type: 'b', value: lockedFor !== undefined };
    if (name === 'Label') return { type: 's', value: item?.label ?? 'Login' };
    if (name === 'Attributes') return { type: 'a{ss}', value: Object.entries(item?.attributes ?? {}) };
    if (name === 'Collections') return { type: 'ao', value: [COLLECTION] };
    if (name === 'Items') return { type: 'ao', value: [...items.keys()] };
    return undefined;
  };

  const answer = ({ path, interface: of, member, body }: DbusCall, emit: EmitSignal): DbusReply => {
    calls.push(member);
    switch (member) {
      case 'OpenSession':
        return openSession(body);
      case 'ReadAlias':
        return { type: 'o', body: [COLLECTION] };
      case 'SearchItems': {
        const found = matching(body[0] as unknown[]);
        if (path !== ROOT) return { type: 'ao', body: [found] };
        return { type: 'aoao', body: lockedFor === undefined ? [found, []] : [[], found] };
      }
      case 'Unlock':
        return { type: 'aoo', body: lockedFor === undefined ? [body[0], NO_OBJECT] : [[], PROMPT] };
      case 'Prompt':
        return prompt(emit);
      case 'CreateItem':
        return createItem(body);
      case 'GetSecret': {
        const item = items.get(path);
        if (item === undefined) return { error: 'org.freedesktop.Secret.Error.NoSuchObject', message: path };
        return lockedFor === undefined ? { type: '(oayays)', body: [encrypted(body[0] as string, item.secret)] } : isLocked();
      }
      case 'SetSecret': {
        const item = items.get(path);
        if (item === undefined || lockedFor !== undefined) return isLocked();
        items.set(path, { ...item, secret: decrypted(body[0] as unknown[]) });
        return { type: '', body: [] };
      }
      case 'Delete':
        if (lockedFor !== undefined) return isLocked();
        items.delete(path);
        return { type: 'o', body: [NO_OBJECT] };
      case 'Get': {
        const value = property(path, body[1] as string);
        return value === undefined
          ? { error: 'org.freedesktop.DBus.Error.UnknownProperty', message: String(body[1]) }
          : { type: 'v', body: [value] };
      }
      default:
        return { error: 'org.freedesktop.DBus.Error.UnknownMethod', message: `${of}.${member}` };
    }
  };
  return {
    address: await startDbus(SERVICE, answer),
    secrets: () =>
      Object.fromEntries(
        [...items.values()].map(({ attributes, secret }) => [
          `${attributes['service']} ${attributes['username']}`,
          secret.toString(),
        ]),
      ),
    wasEncrypted: () => sessions.size > 0 && [...sessions.values()].every((key) => key !== undefined),
    calls,
    put: (account, secret) =>
      void items.set(`${COLLECTION}/i${(count += 1)}`, {
        attributes: { service: 'orx', username: account },
        label: account,
        secret: Buffer.from(secret),
      }),
    lock: (behavior) => (lockedFor = behavior),
  };
}

function isLocked(): DbusReply {
  return { error: 'org.freedesktop.Secret.Error.IsLocked', message: 'the collection is locked' };
}
