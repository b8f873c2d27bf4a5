import { isUtf8 } from 'node:buffer';

/** A value as SQLite stores it; integers beyond 2^53 are bigint. */
export type StoredValue = number | bigint | string | Uint8Array | null;

export interface StoredRecord {
  /** The columns in order; if the record is truncated, the last ones are missing. */
  values: StoredValue[];
  /** All columns exist, and every text is valid UTF-8. */
  isSound: boolean;
}

const MOST_COLUMNS = 2000;

/** Reads a varint. Returns its value and the position after it; undefined if it runs past the end. */
export function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let index = 0; index < 9; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined) return undefined;
    if (index === 8) return { value: value * 256 + byte, end: start + 9 };
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, end: start + index + 1 };
  }
  return undefined;
}

/**
 * Reads a record from its payload, which may be shorter than its full `length` if part of it cannot be read. Undefined if its header is invalid.
 */
export function readRecord(payload: Buffer, length: number): StoredRecord | undefined {
  const head = readVarint(payload, 0);
  if (head === undefined || head.value < head.end || head.value > length) return undefined;
  const serials: number[] = [];
  for (let at = head.end; at < head.value;) {
    const serial = readVarint(payload, at);
    if (serial === undefined || serial.end > head.value || serials.length > MOST_COLUMNS) return undefined;
    serials.push(serial.value);
    at = serial.end;
  }
  // The sizes of all columns must add up to the length: otherwise a type in the header is damaged, and the positions of the values are wrong.
  const sizes = serials.map(sizeOf);
  if (head.value + sizes.reduce((sum, size) => sum + size, 0) !== length) return undefined;
  const values: StoredValue[] = [];
  let isSound = true;
  let at = head.value;
  for (const [index, size] of sizes.entries()) {
    const bytes = payload.subarray(at, at + size);
    const serial = serials[index]!;
    const isText = serial >= 13 && serial % 2 === 1;
    if (bytes.length < size) {
      // The beginning of a long text is worth keeping.
      if (isText && bytes.length > 0) values.push(bytes.toString());
      return { values, isSound: false };
    }
    const value = valueOf(serial, bytes);
    if (value === undefined) return undefined;
    if (isText && !isUtf8(bytes)) isSound = false;
    values.push(value);
    at += size;
  }
  return { values, isSound };
}

function sizeOf(serial: number): number {
  if (serial >= 12) return Math.floor((serial - 12) / 2);
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0][serial]!;
}

function valueOf(serial: number, bytes: Buffer): StoredValue | undefined {
  if (serial >= 12) return serial % 2 === 0 ? Buffer.from(bytes) : bytes.toString();
  switch (serial) {
    case 0:
      return null;
    case 6: {
      const whole = bytes.readBigInt64BE();
      return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
    }
    case 7: {
      const real = bytes.readDoubleBE();
      return Number.isFinite(real) ? real : undefined;
    }
    case 8:
      return 0;
    case 9:
      return 1;
    case 10:
    case 11:
      return undefined;
    default:
      return bytes.readIntBE(0, bytes.length);
  }
}
