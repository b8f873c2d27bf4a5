import { crc32 } from 'node:zlib';

/** A stored rollup differs from what orx writes. */
export class RollupDamage extends Error {}

/** Integers as bytes: seven bits in each, the lowest first; negative ones are interleaved with positive ones. */
export class Bytes {
  #bytes = new Uint8Array(64);
  #length = 0;

  write(value: number): void {
    let left = value < 0 ? -value * 2 - 1 : value * 2;
    this.#reserve(12);
    while (left >= 128) {
      this.#bytes[this.#length++] = (left % 128) + 128;
      left = Math.floor(left / 128);
    }
    this.#bytes[this.#length++] = left;
  }

  clear(): void {
    this.#length = 0;
  }

  /** Writes other bytes after their length. */
  append(other: Bytes): void {
    this.write(other.#length);
    this.#reserve(other.#length);
    this.#bytes.set(other.#bytes.subarray(0, other.#length), this.#length);
    this.#length += other.#length;
  }

  sealed(): Uint8Array {
    const content = this.#bytes.subarray(0, this.#length);
    const all = new Uint8Array(this.#length + 4);
    all.set(content);
    new DataView(all.buffer).setUint32(this.#length, crc32(content));
    return all;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

export class ByteReader {
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(sealed: Uint8Array) {
    const length = sealed.length - 4;
    if (length < 0) throw new RollupDamage('a rollup is too short');
    this.#bytes = sealed.subarray(0, length);
    const sum = new DataView(sealed.buffer, sealed.byteOffset + length, 4).getUint32(0);
    if (sum !== crc32(this.#bytes)) throw new RollupDamage('the checksum of a rollup is wrong');
  }

  isAtEnd(): boolean {
    return this.at >= this.#bytes.length;
  }

  read(): number {
    // Nearly all numbers have one or two bytes.
    const first = this.#bytes[this.at]!;
    if (first < 128) {
      this.at += 1;
      return first % 2 === 0 ? first / 2 : -(first + 1) / 2;
    }
    const second = this.#bytes[this.at + 1]!;
    if (second < 128) {
      this.at += 2;
      const value = first - 128 + second * 128;
      return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    return this.#readLong();
  }

  #readLong(): number {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) throw new RollupDamage('a rollup ends too early');
      if (byte < 128) {
        value += byte * scale;
        return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      }
      value += (byte - 128) * scale;
      scale *= 128;
    }
  }
}
