// Kafka's Metadata request, version 4, with no topics. The port opens before the broker is usable: until it is unfenced,
// the answer names no broker.
const metadata = { key: 3, version: 4 };
const clientId = Buffer.from('ready');

/** @param detail how many brokers it must see */
export function kafka({ socket, detail = '1', accept, refuse }) {
  let buffer = Buffer.alloc(0);
  socket.on('connect', () => socket.write(request()));
  socket.on('data', (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    // length, correlation id, throttle time; then the length of the array of brokers
    if (buffer.length < 16) return;
    const brokers = buffer.readInt32BE(12);
    if (brokers >= Number(detail)) accept();
    else refuse(`it sees ${brokers} of ${detail} brokers`);
  });
}

function request() {
  const body = Buffer.alloc(2 + 2 + 4 + 2 + clientId.length + 4 + 1);
  let at = body.writeInt16BE(metadata.key, 0);
  at = body.writeInt16BE(metadata.version, at);
  at = body.writeInt32BE(1, at);
  at = body.writeInt16BE(clientId.length, at);
  at += clientId.copy(body, at);
  at = body.writeInt32BE(0, at);
  const createTopics = 0;
  body.writeInt8(createTopics, at);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}
