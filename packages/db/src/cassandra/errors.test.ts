import { TidingsError } from '@tidings/api/errors';
import { errors, types } from 'cassandra-driver';
import { expect, test } from 'vitest';
import { toDomainError } from './errors.ts';

const { responseErrorCodes: codes } = types;
const answered = (code: number, message = 'words of a server') => new errors.ResponseError(code, message);
const diskIsFull = answered(
  codes.invalid,
  'Guardrail replica_disk_usage violated: Write request failed because disk usage exceeds failure threshold',
);
const refused = Object.assign(new Error('connect ECONNREFUSED'), {
  syscall: 'connect',
  code: 'ECONNREFUSED',
});
class NodeError extends Error {}
const ended = Object.assign(new NodeError('Cannot call write after a stream was destroyed'), {
  code: 'ERR_STREAM_DESTROYED',
  isSocketError: true,
});
const noHost = (answer: unknown) => new errors.NoHostAvailableError({ a: answer });

test.each([
  ['a node that can’t reach enough others', answered(codes.unavailableException), 'unavailable'],
  ['a write whose outcome is unknown', answered(codes.writeTimeout), 'unavailable'],
  ['a read that took too long', answered(codes.readTimeout), 'unavailable'],
  ['a node with too much to do', answered(codes.overloaded), 'unavailable'],
  ['a code that this driver doesn’t know', answered(0x1700), 'unavailable'],
  ['no answer at all', new errors.OperationTimedOutError('late', '127.0.0.1'), 'unavailable'],
  ['no node', new errors.NoHostAvailableError({}), 'unavailable'],
  ['nodes that refuse the connection', new errors.NoHostAvailableError({ a: refused }), 'unavailable'],
  ['a line that the node has closed', ended, 'unavailable'],
  ['no line to try again on', new Error('No connection available'), 'unavailable'],
  ['a node whose connections are gone', noHost(new Error('No connection available')), 'unavailable'],
  ['a node that counts as down', noHost('Host considered as DOWN'), 'unavailable'],
  ['a node that was asked and not heard', noHost(null), 'unavailable'],
  ['a disk beyond its limit', diskIsFull, 'storage-full'],
  [
    'the same, of one of several',
    new errors.NoHostAvailableError({ a: refused, b: diskIsFull }),
    'storage-full',
  ],
  ['a statement that makes no sense', answered(codes.syntaxError), 'internal'],
  ['a table that isn’t there', answered(codes.invalid), 'internal'],
  ['wrong credentials', new errors.NoHostAvailableError({ a: answered(codes.badCredentials) }), 'internal'],
  ['a mistake of ours', new TypeError('undefined is not a function'), 'internal'],
] as const)('WIRE2 %s', (_, error, code) => {
  const failure = toDomainError(error);
  expect(failure).toBeInstanceOf(TidingsError);
  expect(failure).toMatchObject({ code, cause: error });
});

test('WIRE2 an error of the domain stays what it is', () => {
  const error = new TidingsError('conflict');
  expect(toDomainError(error)).toBe(error);
});
