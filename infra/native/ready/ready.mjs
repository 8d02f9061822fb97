// ready.mjs cql|kafka|redis|http|https HOST PORT [NODES|PATH]: ends with 0 when the service says in its own protocol that
// it serves, else with 1 and the reason. No dependencies: it runs before `npm ci`, and in any Node.
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { cql } from './cql.mjs';
import { http } from './http.mjs';
import { kafka } from './kafka.mjs';
import { redis } from './redis.mjs';

const patienceMs = 5_000;
const questions = { cql, kafka, redis, http, https: http };

const [kind, host, port, detail] = process.argv.slice(2);
const ask = questions[kind];
if (!ask || !host || !port)
  refuse(`usage: ready.mjs ${Object.keys(questions).join('|')} HOST PORT [NODES|PATH]`);

const socket = connect({ host, port: Number(port) });
socket.on('error', (error) => refuse(error.message));
socket.on('close', () => refuse('it closed the connection'));
setTimeout(() => refuse(`no answer in ${patienceMs / 1000} s`), patienceMs).unref();
ask({ socket, detail, accept: () => process.exit(0), refuse });

/** Over TLS, whether the certificate is one for this address isn't the question. */
function connect(address) {
  return kind === 'https' ? connectTls({ ...address, rejectUnauthorized: false }) : connectTcp(address);
}

function refuse(reason) {
  console.error(reason);
  process.exit(1);
}
