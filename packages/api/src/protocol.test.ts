import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { assetLinkSchema, assetUsageSchema, offerResultSchema } from './asset.ts';
import { entrySchema } from './entry-schema.ts';
import { errorSentences } from './error-sentences.ts';
import { type ErrorCode, errorTable } from './errors.ts';
import { eventBatchSchema } from './events.ts';
import { messageInfoSchema, rangePageSchema, sendResultSchema } from './message.ts';
import { protocolVersion } from './protocol.ts';
import { appRouter } from './router.ts';
import { headsPageSchema } from './sync.ts';

type Procedure = { readonly _def: { readonly type: string; readonly inputs: readonly z.ZodType[] } };

/**
 * WIRE1: the wire doesn't change by accident. When this fails, somebody changed a schema: if an old client could misread a new
 * server, or the other way round, raise `protocolVersion` (and think of those who are offline with an outbox); then pin anew.
 */
test('WIRE1 the fingerprint of the wire is the one of this version', () => {
  expect(protocolVersion).toBe(1);
  expect(fingerprint()).toBe('f1296551d7cebf3d');
});

test('WIRE2 every error says what a client should do, in a sentence for people', () => {
  for (const [code, { retry, http }] of Object.entries(errorTable)) {
    expect(errorSentences[code as ErrorCode], code).toMatch(/^[A-Z].*\.$/);
    expect(['never', 'later', 'reconnect']).toContain(retry);
    expect(http).toBeGreaterThanOrEqual(400);
  }
});

function fingerprint(): string {
  const procedures = appRouter._def.procedures as unknown as Readonly<Record<string, Procedure>>;
  const calls = Object.keys(procedures)
    .sort()
    .map((path) => {
      const { type, inputs } = (procedures[path] as Procedure)._def;
      return [path, type, ...inputs.map(schemaOf)];
    });
  const answers = [
    eventBatchSchema,
    entrySchema,
    headsPageSchema,
    rangePageSchema,
    sendResultSchema,
    messageInfoSchema,
    offerResultSchema,
    assetLinkSchema,
    assetUsageSchema,
  ].map(schemaOf);
  return createHash('sha256').update(JSON.stringify({ calls, answers })).digest('hex').slice(0, 16);
}

const schemaOf = (schema: z.ZodType): unknown =>
  z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' });
