import { type WebSocket, WebSocketServer } from 'ws';

/**
 * The ceiling: a server that passes frames on with `ws` and does nothing else. No accounts, nothing stored, no ticks.
 *
 * `{"to":7,"body":…}` goes to the seventh connection (0-based, in order of arrival) and is answered with `{"ack":id}`;
 * `{"all":true,"body":…}` goes to everybody else.
 */
const sockets: WebSocket[] = [];
const server = new WebSocketServer({
  host: '127.0.0.1',
  port: 0,
  perMessageDeflate: false,
  maxPayload: 1024 * 1024,
});

server.on('connection', (socket) => {
  sockets.push(socket);
  socket.on('message', (data) => {
    const text = (data as Buffer).toString('utf8');
    const frame = JSON.parse(text) as { readonly id: number; readonly to?: number; readonly all?: boolean };
    if (frame.all) for (const other of sockets) if (other !== socket) other.send(text);
    if (frame.to !== undefined) sockets[frame.to]?.send(text);
    socket.send(`{"ack":${frame.id}}`);
  });
});
server.on('listening', () => process.send?.({ port: (server.address() as { port: number }).port }));
process.on('disconnect', () => process.exit(0));
