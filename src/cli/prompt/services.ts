import type { PromptServices, SourceOptions } from '../../commands/context/prompt-services.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { usageError } from '../../errors.ts';
import type { FetchedFile } from '../../http/fetch-file.ts';
import { readTlsFiles } from '../services/tls-files.ts';
import { VERSION } from '../../version.ts';
import { readFileBytes } from '../files/read-attachment.ts';
import { readStdinBytes } from '../files/read-stdin.ts';
import { copyText } from './copy-text.ts';
import { editFile, editText } from './edit-text.ts';
import { isAddress, readTextSources } from './read-sources.ts';
import { saveNew } from './save-new.ts';

const MEGABYTE = 1024 * 1024;
const LARGEST = 100 * MEGABYTE;

export interface PromptServicesOptions {
  env: Readonly<Record<string, string | undefined>>;
  stdin: NodeJS.ReadStream;
  stderr: NodeJS.WriteStream;
  signal: AbortSignal;
}

/** Returns the services of this process: files, network without any key, editor and clipboard. */
export function createPromptServices(settings: ConnectionSettings, options: PromptServicesOptions): PromptServices {
  const fetchBytes = async (address: string, maxBytes: number, allowPrivate: boolean): Promise<FetchedFile> => {
    const [{ createHttpClient }, { fetchFile }, { publicLookup }] = await Promise.all([
      import('../../http/client.ts'),
      import('../../http/fetch-file.ts'),
      import('../../http/public-lookup.ts'),
    ]);
    const http = createHttpClient({
      limits: {
        connectMs: settings['connect-timeout'] * 1000,
        firstByteMs: settings['first-byte-timeout'] * 1000,
        idleMs: settings['idle-timeout'] * 1000,
      },
      proxy: settings.proxy,
      tls: readTlsFiles(settings, options.env),
      env: options.env,
      lookup: allowPrivate ? undefined : publicLookup,
    });
    try {
      return await fetchFile(address, { http, allowPrivate, maxBytes, signal: options.signal, userAgent: `orx/${VERSION}` });
    } finally {
      await http.close();
    }
  };
  return {
    readTexts: (source, { allowPrivate }) =>
      readTextSources(source, (address, maxBytes) => fetchBytes(address, maxBytes, allowPrivate)),
    async readBytes(source, { allowPrivate, maxBytes = LARGEST }: SourceOptions) {
      if (isAddress(source)) {
        const { bytes } = await fetchBytes(source, maxBytes, allowPrivate);
        return { name: new URL(source).pathname.split('/').at(-1) || new URL(source).hostname, bytes };
      }
      if (source !== '-') return { name: source, bytes: await readFileBytes(source, maxBytes) };
      const bytes = await readStdinBytes({ ...options, words: ['-'], isQuiet: true });
      if (bytes === undefined || bytes.length === 0) throw usageError('standard input is empty: there is nothing to attach');
      return { name: 'standard input', bytes };
    },
    editText: (text) => editText(text, options.env),
    editFile: (path) => editFile(path, options.env),
    copyText: (text) => copyText(text, options.env, options.stderr),
    saveNew,
  };
}
