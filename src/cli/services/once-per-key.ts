interface Closable {
  close: () => void | Promise<void>;
}

export interface OncePerKey<Options, Opened> {
  /** Opens the object for a key. The options of the first call with a key apply. */
  open: (key: string, options: Options) => Promise<Opened>;
  /** Returns whether a key was opened, or is being opened. */
  has: (key: string) => boolean;
  /** Closes everything that was opened. Ignores failed openings, which have already been reported. */
  close: () => Promise<void>;
}

/** Opens the object for each key only once. */
export function createOncePerKey<Options, Opened extends Closable>(
  openNew: (key: string, options: Options) => Promise<Opened>,
): OncePerKey<Options, Opened> {
  const known = new Map<string, Promise<Opened>>();
  return {
    open(key, options) {
      const opening = known.get(key) ?? openNew(key, options);
      known.set(key, opening);
      return opening;
    },
    has: (key) => known.has(key),
    async close() {
      for (const opening of known.values()) await (await opening.catch(() => undefined))?.close();
    },
  };
}
