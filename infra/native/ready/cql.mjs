// Cassandra's native protocol, version 4.
const startup = 1;
const readyMessage = 2;
const query = 7;
const result = 8;

/**
 * A read of a table with three copies at the consistency ONE, TWO or THREE: answered only by a node that sees so many alive.
 * @param detail how many nodes, 1 to 3
 */
export function cql({ socket, detail = '1', accept, refuse }) {
  const consistency = Math.min(3, Number(detail));
  let buffer = Buffer.alloc(0);
  socket.on('connect', () => socket.write(frame(startup, stringMap({ CQL_VERSION: '3.0.0' }))));
  socket.on('data', (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    while (buffer.length >= 9 && buffer.length >= 9 + buffer.readInt32BE(5)) {
      const body = buffer.subarray(9, 9 + buffer.readInt32BE(5));
      const opcode = buffer[4];
      buffer = buffer.subarray(9 + body.length);
      if (opcode === readyMessage) socket.write(frame(query, question(consistency)));
      else if (opcode === result) accept();
      else refuse(errorOf(body));
    }
  });
}

/** An error is a code and a string; some add what only programs read. */
function errorOf(body) {
  return body.subarray(6, 6 + body.readUInt16BE(4)).toString();
}

function frame(opcode, body) {
  const header = Buffer.from([4, 0, 0, 0, opcode, 0, 0, 0, 0]);
  header.writeInt32BE(body.length, 5);
  return Buffer.concat([header, body]);
}

function question(consistency) {
  const text = Buffer.from(
    "SELECT status FROM system_distributed.view_build_status WHERE keyspace_name='r' AND view_name='r'",
  );
  const length = Buffer.alloc(4);
  length.writeInt32BE(text.length);
  const noFlags = 0;
  return Buffer.concat([length, text, short(consistency), Buffer.from([noFlags])]);
}

function stringMap(entries) {
  const pairs = Object.entries(entries);
  return Buffer.concat([
    short(pairs.length),
    ...pairs.flat().flatMap((text) => [short(text.length), Buffer.from(text)]),
  ]);
}

function short(value) {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
