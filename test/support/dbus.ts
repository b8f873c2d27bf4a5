import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { tempFolder } from './temp-home.ts';

// The part of D-Bus that a client of a service needs: the handshake, method calls, replies and signals, in the wire format of the
// specification. There is one service, so this is its bus too.

/** A value with its type, as D-Bus has it in a variant. */
export interface Variant {
  type: string;
  value: unknown;
}

/** A method call. */
export interface DbusCall {
  path: string;
  interface: string;
  member: string;
  body: readonly unknown[];
}

/** The body of a reply with its signature; an error; or undefined: never answer. */
export type DbusReply = { type: string; body: readonly unknown[] } | { error: string; message: string } | undefined;

/** Sends a signal of the service. */
export type EmitSignal = (signal: Omit<DbusCall, 'body'> & { type: string; body: readonly unknown[] }) => void;

export type DbusHandler = (call: DbusCall, emit: EmitSignal) => DbusReply;

const GUID = '0123456789abcdef0123456789abcdef';
const KINDS = { call: 1, reply: 2, error: 3, signal: 4 } as const;
const FIELDS = { path: 1, interface: 2, member: 3, error: 4, replyTo: 5, destination: 6, sender: 7, signature: 8 } as const;
const BUS = 'org.freedesktop.DBus';

/** Starts a bus with one service on a Unix socket. Returns its address for DBUS_SESSION_BUS_ADDRESS. It ends with the test. */
export async function startDbus(service: string, handler: DbusHandler): Promise<string> {
  const path = join(tempFolder(), 'bus');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    serve(socket, service, handler);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return `unix:path=${path}`;
}

function serve(socket: Socket, service: string, handler: DbusHandler): void {
  let received: Buffer = Buffer.alloc(0);
  let hasBegun = false;
  let serial = 0;
  const send = (
    kind: number,
    fields: readonly (readonly [number, Variant])[],
    type = '',
    body: readonly unknown[] = [],
  ): void => {
    const all = type === '' ? fields : [...fields, [FIELDS.signature, { type: 'g', value: type }] as const];
    const content = new Writer();
    splitTypes(type).forEach((one, index) => content.write(one, body[index]));
    const bytes = content.bytes();
    const head = new Writer();
    for (const byte of ['l'.charCodeAt(0), kind, 0, 1]) head.write('y', byte);
    head.write('u', bytes.length);
    head.write('u', (serial += 1));
    head.write('a(yv)', all);
    head.pad(8);
    socket.write(Buffer.concat([head.bytes(), bytes]));
  };
  const emit: EmitSignal = ({ path, interface: name, member, type, body }) =>
    send(
      KINDS.signal,
      [
        [FIELDS.path, { type: 'o', value: path }],
        [FIELDS.interface, { type: 's', value: name }],
        [FIELDS.member, { type: 's', value: member }],
        [FIELDS.sender, { type: 's', value: ':1.1' }],
      ],
      type,
      body,
    );
  const onMessage = ({ kind, number, fields, body }: Message): void => {
    if (kind !== KINDS.call) return;
    const call: DbusCall = {
      path: String(fields.get(FIELDS.path)),
      interface: String(fields.get(FIELDS.interface)),
      member: String(fields.get(FIELDS.member)),
      body,
    };
    const isForBus = fields.get(FIELDS.destination) === BUS;
    const reply = isForBus ? answerOfBus(call, service) : handler(call, emit);
    if (reply === undefined) return;
    const common = [
      [FIELDS.replyTo, { type: 'u', value: number }],
      [FIELDS.sender, { type: 's', value: isForBus ? BUS : ':1.1' }],
      [FIELDS.destination, { type: 's', value: ':1.2' }],
    ] as const;
    if ('error' in reply) send(KINDS.error, [...common, [FIELDS.error, { type: 's', value: reply.error }]], 's', [reply.message]);
    else send(KINDS.reply, common, reply.type, reply.body);
  };
  socket.on('data', (piece: Buffer) => {
    received = Buffer.concat([received, piece]);
    while (!hasBegun) {
      const end = received.indexOf('\r\n');
      if (end === -1) return;
      const line = received.subarray(0, end).toString('latin1').replace(/^\0/, '');
      received = received.subarray(end + 2);
      if (line.startsWith('AUTH EXTERNAL')) socket.write(`OK ${GUID}\r\n`);
      else if (line === 'BEGIN') hasBegun = true;
      else socket.write(line.startsWith('AUTH') ? 'REJECTED EXTERNAL\r\n' : 'ERROR\r\n');
    }
    for (let message = readMessage(received); message !== undefined; message = readMessage(received)) {
      received = received.subarray(message.length);
      onMessage(message);
    }
  });
}

function answerOfBus({ member, body }: DbusCall, service: string): DbusReply {
  switch (member) {
    case 'Hello':
      return { type: 's', body: [':1.2'] };
    case 'NameHasOwner':
      return { type: 'b', body: [body[0] === service] };
    case 'GetNameOwner':
      return { type: 's', body: [':1.1'] };
    case 'StartServiceByName':
      return { type: 'u', body: [2] };
    default:
      return { type: '', body: [] };
  }
}

interface Message {
  kind: number;
  number: number;
  fields: ReadonlyMap<number, unknown>;
  body: readonly unknown[];
  length: number;
}

/** Returns the first message of the bytes; undefined if it is not complete. Clients on the same machine write little-endian numbers. */
function readMessage(bytes: Buffer): Message | undefined {
  if (bytes.length < 16) return undefined;
  const bodyLength = bytes.readUInt32LE(4);
  const headLength = Math.ceil((16 + bytes.readUInt32LE(12)) / 8) * 8;
  if (bytes.length < headLength + bodyLength) return undefined;
  const head = new Reader(bytes, 12);
  const fields = new Map((head.read('a(yv)') as [number, Variant][]).map(([code, { value }]) => [code, value]));
  const reader = new Reader(bytes.subarray(headLength), 0);
  const body = splitTypes(String(fields.get(FIELDS.signature) ?? '')).map((type) => reader.read(type));
  return { kind: bytes[1]!, number: bytes.readUInt32LE(8), fields, body, length: headLength + bodyLength };
}

/** Returns the complete types of a signature. */
function splitTypes(signature: string): string[] {
  const types: string[] = [];
  for (let at = 0; at < signature.length;) {
    const end = endOfType(signature, at);
    types.push(signature.slice(at, end));
    at = end;
  }
  return types;
}

function endOfType(signature: string, at: number): number {
  if (signature[at] === 'a') return endOfType(signature, at + 1);
  if (!'({'.includes(signature[at]!)) return at + 1;
  let next = at + 1;
  while (!')}'.includes(signature[next]!)) next = endOfType(signature, next);
  return next + 1;
}

function alignment(type: string): number {
  const [first = ''] = type;
  if ('ygv'.includes(first)) return 1;
  if ('nq'.includes(first)) return 2;
  return 'xtd({'.includes(first) ? 8 : 4;
}

class Writer {
  readonly #pieces: Buffer[] = [];
  #length = 0;

  bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  pad(size: number): void {
    this.#add(Buffer.alloc((size - (this.#length % size)) % size));
  }

  write(type: string, value: unknown): void {
    const [first] = type;
    this.pad(alignment(type));
    if (first === 'y') this.#add(Buffer.from([value as number]));
    else if (first === 'b') this.#number(value === true ? 1 : 0);
    else if (first === 'u' || first === 'i') this.#number(value as number);
    else if (first === 't') this.#add(bigBytes(BigInt(value as number)));
    else if (first === 's' || first === 'o') {
      const text = Buffer.from(value as string);
      this.#number(text.length);
      this.#add(Buffer.concat([text, Buffer.from([0])]));
    } else if (first === 'g') {
      const text = Buffer.from(value as string);
      this.#add(Buffer.concat([Buffer.from([text.length]), text, Buffer.from([0])]));
    } else if (first === 'v') {
      const variant = value as Variant;
      this.write('g', variant.type);
      this.write(variant.type, variant.value);
    } else if (first === 'a') this.#array(type.slice(1), value);
    else {
      const parts = value as readonly unknown[];
      splitTypes(type.slice(1, -1)).forEach((one, index) => this.write(one, parts[index]));
    }
  }

  #array(type: string, value: unknown): void {
    const items = type === 'y' ? [...(value as Uint8Array)] : (value as readonly unknown[]);
    const size = Buffer.alloc(4);
    this.#add(size);
    this.pad(alignment(type));
    const start = this.#length;
    for (const item of items) this.write(type, item);
    size.writeUInt32LE(this.#length - start);
  }

  #number(value: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value >>> 0);
    this.#add(bytes);
  }

  #add(bytes: Buffer): void {
    this.#pieces.push(bytes);
    this.#length += bytes.length;
  }
}

class Reader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  read(type: string): unknown {
    const [first] = type;
    const size = alignment(type);
    this.#at = Math.ceil(this.#at / size) * size;
    if (first === 'y') return this.#bytes[this.#at++];
    if (first === 'b') return this.#number() === 1;
    if (first === 'u' || first === 'i') return this.#number();
    if (first === 's' || first === 'o') return this.#text(this.#number());
    if (first === 'g') return this.#text(this.#bytes[this.#at++]!);
    if (first === 'v') {
      const inner = this.read('g') as string;
      return { type: inner, value: this.read(inner) };
    }
    if (first === 'a') return this.#array(type.slice(1));
    return splitTypes(type.slice(1, -1)).map((one) => this.read(one));
  }

  #array(type: string): unknown {
    const length = this.#number();
    const size = alignment(type);
    this.#at = Math.ceil(this.#at / size) * size;
    const end = this.#at + length;
    if (type === 'y') {
      const bytes = this.#bytes.subarray(this.#at, end);
      this.#at = end;
      return bytes;
    }
    const items: unknown[] = [];
    while (this.#at < end) items.push(this.read(type));
    return items;
  }

  #number(): number {
    this.#at += 4;
    return this.#bytes.readUInt32LE(this.#at - 4);
  }

  #text(length: number): string {
    const text = this.#bytes.toString('utf8', this.#at, this.#at + length);
    this.#at += length + 1;
    return text;
  }
}

function bigBytes(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}
