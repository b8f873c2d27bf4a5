import { connect } from 'node:net';

/** Sends bytes unchanged to a loopback port and returns everything received until the connection closes. */
export function rawRequest(port: number, text: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let received = '';
    socket.on('data', (piece: Buffer) => (received += piece.toString('utf8')));
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
  });
}
