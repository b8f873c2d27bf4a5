import { createServer as createHttpServer, request as sendHttp } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Login {
  user: string;
  password: string;
}

export interface RunningProxy {
  port: number;
  /** What it was asked for, in order. */
  asked: string[];
}

/** Starts a forward proxy that tunnels (CONNECT) and forwards plain requests. With `login`, it rejects requests without it. */
export async function startHttpProxy(login?: Login): Promise<RunningProxy> {
  const asked: string[] = [];
  const isAllowed = (value: string | undefined): boolean =>
    login === undefined || value === `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
  const server = createHttpServer((incoming, response) => {
    if (!isAllowed(incoming.headers['proxy-authorization'])) return void response.writeHead(407).end('no');
    asked.push(`${incoming.method} ${incoming.url}`);
    const { 'proxy-authorization': _, ...headers } = incoming.headers;
    const forwarded = sendHttp(incoming.url ?? '', { method: incoming.method, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    });
    incoming.pipe(forwarded);
  });
  server.on('connect', (incoming, socket: Socket) => {
    socket.on('error', () => undefined);
    if (!isAllowed(incoming.headers['proxy-authorization']))
      return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
    asked.push(`CONNECT ${incoming.url}`);
    const { hostname, port } = new URL(`http://${incoming.url}`);
    tunnel(socket, Number(port), hostname, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
  });
  return { port: await listen(server), asked };
}

/** Starts a SOCKS5 proxy (RFC 1928). With `login`, it accepts only that user name and password (RFC 1929). */
export async function startSocksProxy(login?: Login): Promise<RunningProxy> {
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    const connected = (): void =>
      void socket.once('data', (request) => {
        const [, , , type, length = 0] = request;
        const end = type === 3 ? 5 + length : type === 4 ? 20 : 8;
        const host = type === 3 ? request.subarray(5, end).toString() : request.subarray(4, 8).join('.');
        const port = request.readUInt16BE(end);
        asked.push(`${host}:${port}`);
        const reply = (status: number): void => void socket.write(Buffer.from([5, status, 0, 1, 0, 0, 0, 0, 0, 0]));
        tunnel(
          socket,
          port,
          host,
          () => reply(0),
          () => reply(5),
        );
      });
    socket.once('data', (greeting) => {
      const methods = greeting.subarray(2);
      const method = login === undefined ? 0 : 2;
      if (!methods.includes(method)) return void socket.end(Buffer.from([5, 0xff]));
      socket.write(Buffer.from([5, method]));
      if (login === undefined) return connected();
      socket.once('data', (offer) => {
        const userEnd = 2 + offer[1]!;
        const user = offer.subarray(2, userEnd).toString();
        const isRight = user === login.user && offer.subarray(userEnd + 1).toString() === login.password;
        if (!isRight) return void socket.end(Buffer.from([1, 1]));
        socket.write(Buffer.from([1, 0]));
        connected();
      });
    });
  });
  return { port: await listen(server), asked };
}

function tunnel(socket: Socket, port: number, host: string, ready: () => void, failed?: () => void): void {
  const upstream = connect(port, host, () => {
    ready();
    socket.pipe(upstream).pipe(socket);
  });
  upstream.on('error', () => {
    failed?.();
    socket.end();
  });
  socket.on('error', () => upstream.destroy());
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
