import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { analyticsEventSchema, analyticsJsonSchema, parseAnalyticsEvent } from './analytics-event.ts';

type Variant = {
  readonly properties: { readonly type: { readonly const: string } };
  readonly required: readonly string[];
};

const read = (name: string): string => readFileSync(join(import.meta.dirname, '../schemas', name), 'utf8');

/** One of each type as the first release wrote it. Files and topics hold such lines for months: never change one, only add. */
const firstReleased = read('analytics-event.v1.examples.jsonl')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { readonly type: string });

test('ANLY1 the JSON Schema beside the code is the one of the code (scripts/analytics-schema.ts writes it)', () => {
  expect(JSON.parse(read('analytics-event.v1.json'))).toEqual(analyticsJsonSchema());
});

test('ANLY1 every type has an example that was written by the first release', () => {
  const types = analyticsEventSchema.options.map((option) => option.shape.type.value);
  expect(firstReleased.map(({ type }) => type)).toEqual(expect.arrayContaining(types));
});

test.each(firstReleased)('ANLY1 $type of the first release is read as it was written', (event) => {
  expect(parseAnalyticsEvent(event)).toEqual(event);
});

test.each(firstReleased)('ANLY1 what readers rely on in $type is still there', (event) => {
  const { oneOf } = analyticsJsonSchema() as { readonly oneOf: readonly Variant[] };
  const variant = oneOf.find(({ properties }) => properties.type.const === event.type);
  const optional = event.type === 'failure' ? ['user'] : ['latencyMs'];
  const promised = Object.keys(event).filter((field) => !optional.includes(field));
  expect([...(variant?.required ?? [])].sort()).toEqual(promised.sort());
});

test('ANLY1 a reader passes over fields of a later release, and over what is no event', () => {
  const [event] = firstReleased;
  expect(parseAnalyticsEvent({ ...event, later: 1 })).toEqual(event);
  for (const other of [
    null,
    'text',
    {},
    { ...event, v: 2 },
    { ...event, type: 'later' },
    { ...event, at: -1 },
  ])
    expect(parseAnalyticsEvent(other)).toBeNull();
});

test('ANLY2 no event has room for content, or for an id that isn’t a pseudonym', () => {
  const [event] = firstReleased;
  expect(Object.keys(parseAnalyticsEvent({ ...event, content: 'hello' }) ?? {})).not.toContain('content');
  expect(parseAnalyticsEvent({ ...event, user: 'ada-lovelace' })).toBeNull();
  expect(parseAnalyticsEvent({ ...event, conversation: 'direct:aaaaaaaa:bbbbbbbb' })).toBeNull();
});
