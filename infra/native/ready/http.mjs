/**
 * Any answer of 200 to 399.
 * @param detail the path
 */
export function http({ socket, detail = '/readyz', accept, refuse }) {
  const request = `GET ${detail} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
  socket.on('connect', () => socket.write(request));
  socket.once('data', (answer) => {
    const [line] = String(answer).split('\r\n');
    if (/^HTTP\/1\.1 [23]\d\d/.test(line)) accept();
    else refuse(line);
  });
}
