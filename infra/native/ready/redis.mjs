/** PING: while Redis reads its files after a start it says LOADING. */
export function redis({ socket, accept, refuse }) {
  socket.on('connect', () => socket.write('PING\r\n'));
  socket.on('data', (answer) => (String(answer) === '+PONG\r\n' ? accept() : refuse(String(answer).trim())));
}
