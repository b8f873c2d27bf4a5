/** The type of a media file, detected from its content. */
export interface MediaType {
  kind: 'image' | 'document' | 'audio' | 'video';
  mime: string;
  /** The usual file extension; for audio also the API's name of the format. */
  extension: string;
}

interface Signature extends MediaType {
  at: number;
  /** The expected bytes at that position as Latin-1 text; `.` matches any byte. */
  bytes: string;
}

const SIGNATURES: readonly Signature[] = [
  { kind: 'image', mime: 'image/png', extension: 'png', at: 0, bytes: '\x89PNG\r\n\x1a\n' },
  { kind: 'image', mime: 'image/jpeg', extension: 'jpg', at: 0, bytes: '\xff\xd8\xff' },
  { kind: 'image', mime: 'image/gif', extension: 'gif', at: 0, bytes: 'GIF87a' },
  { kind: 'image', mime: 'image/gif', extension: 'gif', at: 0, bytes: 'GIF89a' },
  { kind: 'image', mime: 'image/webp', extension: 'webp', at: 0, bytes: 'RIFF....WEBP' },
  { kind: 'document', mime: 'application/pdf', extension: 'pdf', at: 0, bytes: '%PDF-' },
  { kind: 'audio', mime: 'audio/wav', extension: 'wav', at: 0, bytes: 'RIFF....WAVE' },
  { kind: 'audio', mime: 'audio/mpeg', extension: 'mp3', at: 0, bytes: 'ID3' },
  { kind: 'audio', mime: 'audio/flac', extension: 'flac', at: 0, bytes: 'fLaC' },
  { kind: 'audio', mime: 'audio/ogg', extension: 'ogg', at: 0, bytes: 'OggS' },
  { kind: 'audio', mime: 'audio/aiff', extension: 'aiff', at: 0, bytes: 'FORM....AIFF' },
  { kind: 'audio', mime: 'audio/aiff', extension: 'aiff', at: 0, bytes: 'FORM....AIFC' },
  { kind: 'audio', mime: 'audio/mp4', extension: 'm4a', at: 4, bytes: 'ftypM4A' },
  { kind: 'video', mime: 'video/quicktime', extension: 'mov', at: 4, bytes: 'ftypqt  ' },
  // HEIC images of phones use the same container as video.
  ...['isom', 'iso2', 'iso4', 'iso5', 'iso6', 'mp41', 'mp42', 'avc1', 'M4V ', 'dash', 'MSNV'].map((brand): Signature => ({
    kind: 'video',
    mime: 'video/mp4',
    extension: 'mp4',
    at: 4,
    bytes: `ftyp${brand}`,
  })),
  { kind: 'video', mime: 'video/webm', extension: 'webm', at: 0, bytes: '\x1a\x45\xdf\xa3' },
  { kind: 'video', mime: 'video/mpeg', extension: 'mpeg', at: 0, bytes: '\x00\x00\x01\xba' },
];

/** Known types that no model accepts, so that an error can name the type. */
const REFUSED: readonly { name: string; at: number; bytes: string }[] = [
  { name: 'a HEIC image', at: 4, bytes: 'ftyphei' },
  { name: 'a HEIC image', at: 4, bytes: 'ftypmif1' },
  { name: 'an AVIF image', at: 4, bytes: 'ftypavif' },
  { name: 'a TIFF image', at: 0, bytes: 'II*\0' },
  { name: 'a TIFF image', at: 0, bytes: 'MM\0*' },
  { name: 'a BMP image', at: 0, bytes: 'BM' },
  { name: 'a ZIP archive, or an office document', at: 0, bytes: 'PK\x03\x04' },
  { name: 'a gzip archive', at: 0, bytes: '\x1f\x8b' },
  { name: 'a program', at: 0, bytes: '\x7fELF' },
  { name: 'a database', at: 0, bytes: 'SQLite format 3' },
];

const HEAD = 32;

/** Returns the type of a media file that the API accepts, from its first bytes; undefined for anything else. */
export function mediaType(bytes: Uint8Array): MediaType | undefined {
  const head = headOf(bytes);
  const match = SIGNATURES.find((signature) => fits(head, signature));
  if (match !== undefined) return { kind: match.kind, mime: match.mime, extension: match.extension };
  // Audio without a header: a frame starts with eleven set bits, followed by a valid layer.
  const [first = 0, second = 0] = bytes;
  if (first !== 0xff || (second & 0xe0) !== 0xe0 || bytes.length < 4) return undefined;
  if ((second & 0xf6) === 0xf0) return { kind: 'audio', mime: 'audio/aac', extension: 'aac' };
  return (second & 0x06) === 0x02 ? { kind: 'audio', mime: 'audio/mpeg', extension: 'mp3' } : undefined;
}

/** Returns the name of a type that is known but that no model accepts. */
export function refusedType(bytes: Uint8Array): string | undefined {
  const head = headOf(bytes);
  return REFUSED.find((signature) => fits(head, signature))?.name;
}

function headOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, HEAD)).toString('latin1');
}

function fits(head: string, { at, bytes }: { at: number; bytes: string }): boolean {
  return head.length >= at + bytes.length && [...bytes].every((one, index) => one === '.' || head[at + index] === one);
}
