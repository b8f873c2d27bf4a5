import type { Dispatcher } from 'undici';
import type { HttpLimits } from './limits.ts';
import type { ReadRhythm } from './read-rhythm.ts';
import { type Flow, ResponseBody } from './response-body.ts';

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: URL;
  headers: Readonly<Record<string, string>>;
  body?: string | Uint8Array | undefined;
  signal?: AbortSignal | undefined;
  /** Replaces individual limits of the client. A `connectMs` longer than the client's has no effect. */
  limits?: Partial<HttpLimits> | undefined;
  /**
   * The body is only drawn: after its beginning it is read once in this many milliseconds (see read-rhythm.ts). Default: each piece
   * is read when it arrives.
   */
  gatherMs?: number | undefined;
  /** Called when a connection is open, right before the request is sent. */
  onConnected?: (() => void) | undefined;
  /** Called at the reply's headers. Returns a receiver for the body's pieces, or undefined if the caller reads `body`. */
  receive?: ((response: HttpResponse, flow: Flow) => BodyReceiver | undefined) | undefined;
}

/** Receives the pieces of a body as they arrive, without a promise for each piece. Its methods must not throw. */
export interface BodyReceiver {
  data: (piece: Buffer) => void;
  end: () => void;
  /** Called with an OrxError of kind `network`, or with the signal's reason. */
  fail: (error: unknown) => void;
}

export interface HttpResponse {
  status: number;
  /** Names in lower case; the values of a repeated header are joined by commas. */
  headers: Readonly<Record<string, string>>;
  /**
   * The body's bytes as they arrive; can be read once. Throws OrxError of kind `network`, or the signal's reason. When the reader
   * stops early, a short rest of the body is still received and dropped, so that the connection can be reused.
   */
  body: AsyncIterable<Uint8Array>;
  /** Aborts the exchange at once: the server sees the connection close. Has no effect when the body is complete. */
  cancel: () => void;
}

/** The beginning of a body is read when it arrives, because the time of the first token is measured. */
const BEGINNING_BYTES = 4096;

/** What all exchanges of a client share. */
export interface ExchangeObserver {
  /** Called when a request has been written. Undefined: not any more. */
  onFirstRequest: (() => void) | undefined;
  /** Called with the bytes of the reply's body so far. */
  onBytes: (total: number) => void;
  rhythm: ReadRhythm;
}

/** Returns the call to make before the first reply, once. */
export function takeFirst(observer: ExchangeObserver): (() => void) | undefined {
  const { onFirstRequest } = observer;
  observer.onFirstRequest = undefined;
  return onFirstRequest;
}

/**
 * Sends one request and resolves when the reply's headers arrive. `translate` makes the error that the caller gets of a failure of
 * the network.
 */
export function exchange(
  dispatcher: Dispatcher,
  request: HttpRequest,
  limits: HttpLimits,
  translate: (error: unknown) => unknown,
  observer: ExchangeObserver,
): Promise<HttpResponse> {
  const { onBytes, rhythm } = observer;
  return new Promise((resolve, reject) => {
    let body: ResponseBody | undefined;
    let total = 0;
    let receiver: BodyReceiver | undefined;
    let controller: Dispatcher.DispatchController | undefined;
    const { signal } = request;
    const fail = (reason: unknown): void => {
      if (receiver === undefined) return body?.fail(reason);
      receiver.fail(reason);
      receiver = IGNORING;
    };
    const onAbort = (): void => {
      reject(signal?.reason as Error);
      fail(signal?.reason);
      controller?.abort(signal?.reason as Error);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    // undici restarts its own timer at every 1xx reply: without this one, a server that sends them forever would never time out.
    let patience: NodeJS.Timeout | undefined;
    let isGivenUp = false;
    if (request.limits?.connectMs !== undefined) {
      // The pool's connect limit applies to all its requests; this timer rejects a request whose own limit is shorter.
      patience = setTimeout(() => {
        isGivenUp = true;
        signal?.removeEventListener('abort', onAbort);
        reject(translate(new NoConnectionError()) as Error);
      }, request.limits.connectMs);
    }
    const settle = (): void => {
      if (request.gatherMs !== undefined) rhythm.resume();
      clearTimeout(patience);
      signal?.removeEventListener('abort', onAbort);
    };

    dispatcher.dispatch(
      {
        origin: request.url.origin,
        path: request.url.pathname + request.url.search,
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
        headersTimeout: limits.firstByteMs,
        bodyTimeout: limits.idleMs,
      },
      {
        onRequestStart(started) {
          controller = started;
          clearTimeout(patience);
          if (isGivenUp) return started.abort(new NoConnectionError());
          request.onConnected?.();
          // undici writes the request immediately after this call.
          const onFirstRequest = takeFirst(observer);
          if (onFirstRequest !== undefined) queueMicrotask(onFirstRequest);
          patience = setTimeout(() => started.abort(new NoReplyError()), limits.firstByteMs);
          if (signal?.aborted === true) started.abort(signal.reason as Error);
        },
        onResponseStart(started, status, headers) {
          if (status < 200) return;
          clearTimeout(patience);
          body = new ResponseBody(started);
          const response = { status, headers: plainHeaders(headers), body, cancel: () => body?.cancel() };
          receiver = request.receive?.(response, started);
          resolve(response);
        },
        onResponseData(_, piece) {
          onBytes((total += piece.length));
          if (request.gatherMs !== undefined && total > BEGINNING_BYTES) rhythm.arrived(piece.length, request.gatherMs);
          if (receiver === undefined) body?.push(piece);
          else receiver.data(piece);
        },
        onResponseEnd() {
          settle();
          receiver?.end();
          body?.complete();
        },
        onResponseError(_, error) {
          settle();
          const reason = signal?.aborted === true ? signal.reason : translate(error);
          fail(reason);
          reject(reason as Error);
        },
      },
    );
  });
}

const IGNORING: BodyReceiver = { data: () => undefined, end: () => undefined, fail: () => undefined };

/** No connection was established in time. */
class NoConnectionError extends Error {
  readonly code = 'UND_ERR_CONNECT_TIMEOUT';
}

/** No final reply arrived in time. */
class NoReplyError extends Error {
  readonly code = 'UND_ERR_HEADERS_TIMEOUT';
}

function plainHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) plain[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return plain;
}
