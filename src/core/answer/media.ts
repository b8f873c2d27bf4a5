import type { Answer } from './answer.ts';
import { mediaType } from '../request/media-type.ts';

/** An image or audio of an answer: its bytes and file extension, or its URL if the answer only refers to it. */
export type AnswerMedium = { kind: 'image' | 'audio'; bytes: Buffer; extension: string } | { kind: 'image'; url: string };

/** Sample rate of the raw audio that the API streams: 16 bits, one channel, no header. */
const PCM_RATE = 24_000;

/** Returns the images and audio of an answer. Items that cannot be decoded are omitted and counted. */
export function answerMedia(answer: Pick<Answer, 'images' | 'audio'>): { media: readonly AnswerMedium[]; unreadable: number } {
  const media: AnswerMedium[] = [];
  let unreadable = 0;
  for (const url of answer.images) {
    if (/^https?:\/\//i.test(url)) {
      media.push({ kind: 'image', url });
      continue;
    }
    const bytes = dataUrlBytes(url);
    const type = bytes === undefined ? undefined : mediaType(bytes);
    // The content decides the type, not the MIME type that the answer gives.
    if (bytes !== undefined && type?.kind === 'image') media.push({ kind: 'image', bytes, extension: type.extension });
    else unreadable += 1;
  }
  if (answer.audio.length > 0) {
    const bytes = Buffer.concat(answer.audio.map((piece) => Buffer.from(piece, 'base64')));
    const type = mediaType(bytes);
    media.push(
      type?.kind === 'audio'
        ? { kind: 'audio', bytes, extension: type.extension }
        : { kind: 'audio', bytes: Buffer.concat([wavHead(bytes.length), bytes]), extension: 'wav' },
    );
  }
  return { media, unreadable };
}

function dataUrlBytes(url: string): Buffer | undefined {
  const [head = ''] = /^data:[^,]{0,200};base64,/i.exec(url) ?? [];
  return head === '' ? undefined : Buffer.from(url.slice(head.length), 'base64');
}

function wavHead(size: number): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + size, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(PCM_RATE, 24);
  head.writeUInt32LE(PCM_RATE * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(size, 40);
  return head;
}
