import type { Entry } from '@tidings/api/entry';
import { maxContentBytes } from '@tidings/api/entry';
import { TidingsError } from '@tidings/api/errors';
import type { Outgoing } from '@tidings/api/message';
import type { Caller } from '@tidings/api/trpc';
import { mayRead } from './access.ts';
import type { Granted } from './parts.ts';

/** What may be sent at all, whoever asks (SEND6, SEND8): the wire checks it too, but not everybody comes by the wire. */
export function checkForm(message: Outgoing): TidingsError | null {
  const { kind, target, content } = message;
  if (!['message', 'edit', 'delete', 'reaction'].includes(kind))
    return new TidingsError('bad-input', `kind ${kind}`);
  if ((kind === 'message') !== (target === undefined))
    return new TidingsError('bad-input', 'a target, or none');
  if (kind !== 'message' && message.assets) return new TidingsError('bad-input', 'assets, of a message only');
  if (kind === 'delete' && content !== '') return new TidingsError('bad-input', 'a deletion has no content');
  if (content.length * 3 > maxContentBytes && Buffer.byteLength(content) > maxContentBytes)
    return new TidingsError('too-large');
  return null;
}

/** Who may edit, delete and react to what (SEND7). `target` is what stands at the position, if anything does. */
export function checkTarget(
  caller: Caller,
  { view, membership }: Granted,
  message: Outgoing,
  target: Entry | undefined,
): TidingsError | null {
  if (!target || !mayRead(membership, target.seq)) return new TidingsError('not-found', 'no such message');
  if (target.kind !== 'message' || target.deleted)
    return new TidingsError('not-allowed', 'not a message, or not any more');
  const own = target.sender === caller.userId;
  if (message.kind === 'edit' && !own) return new TidingsError('not-allowed', "somebody else's message");
  if (message.kind === 'delete' && !own) {
    if (view?.record.id.startsWith('direct:'))
      return new TidingsError('not-allowed', "somebody else's message");
    if (membership.role === 'member') return new TidingsError('not-an-admin');
  }
  return null;
}
