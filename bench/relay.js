// A relay that makes the network as slow as a real one: it passes on what arrives 20 ms later, in both directions. A process of
// its own.
//
//   node bench/relay.js PORT…     prints the ports of its relays as JSON, in order; exits when its standard input closes
//
// On loopback a connection is accepted at once. To a distant server that takes a round trip, in which a client can prepare its
// request: so the first bytes leave the client's side a round trip after the connection was accepted, if they are there by then.
import { connect, createServer } from 'node:net';

const ONE_WAY_MS = 20;

/**
 * Writes to `target` what `source` sends, each piece after its time on the way, in order.
 * @param {import('node:net').Socket} source
 * @param {import('node:net').Socket} target
 * @param {number} opensAt When the connection is open for the sender, on the clock of `performance.now`.
 */
function passOn(source, target, opensAt) {
  let last = Promise.resolve();
  /** @param {() => void} act */
  const later = (act) => {
    const dueAt = Math.max(performance.now(), opensAt) + ONE_WAY_MS;
    last = last.then(() => until(dueAt)).then(act);
  };
  source.on('data', (piece) => later(() => void (target.writable && target.write(piece))));
  source.on('end', () => later(() => void target.end()));
  source.on('error', () => target.destroy());
  // Without an end, the connection was reset.
  source.on('close', () => source.readableEnded || later(() => void target.destroy()));
}

/** @param {number} at On the clock of `performance.now`. @returns {Promise<void>} */
function until(at) {
  const ms = at - performance.now();
  return new Promise((resolve) => (ms > 0 ? void setTimeout(resolve, ms) : resolve()));
}

/** @param {number} port @returns {Promise<number>} */
function openRelay(port) {
  const relay = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const server = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const now = performance.now();
    passOn(client, server, now + 2 * ONE_WAY_MS);
    passOn(server, client, now);
  });
  return new Promise((resolve) => {
    relay.listen(0, '127.0.0.1', () => {
      const address = relay.address();
      resolve(address !== null && typeof address === 'object' ? address.port : 0);
    });
  });
}

const ports = await Promise.all(process.argv.slice(2).map((port) => openRelay(Number(port))));
process.stdout.write(`${JSON.stringify(ports)}\n`);
process.stdin.resume().on('end', () => process.exit());
