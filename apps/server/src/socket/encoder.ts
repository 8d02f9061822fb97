import type { EventBatch } from '@tidings/api/events';

/** What learns under which id of the wire its stream runs. */
export interface Opening {
  opened(wireId: string): void;
}

/**
 * tRPC writes the first batch of a stream; from then on the outlet writes by itself, for which it has to know the subscription's
 * id. Only the encoder sees both: the opening batch is marked with its outlet, and the encoder tells it.
 */
const openingOf = Symbol('opening');
type MarkedBatch = EventBatch & { readonly [openingOf]?: Opening };
type Response = { readonly id?: unknown; readonly result?: { readonly data?: MarkedBatch } };

export function openingBatch(batch: EventBatch, opening: Opening): EventBatch {
  return Object.assign([...batch], { [openingOf]: opening });
}

/** JSON in text frames, as tRPC's own. */
export const encoder = {
  encode(message: unknown): string {
    const { id, result } = message as Response;
    result?.data?.[openingOf]?.opened(JSON.stringify(id));
    return JSON.stringify(message);
  },
  decode: (data: unknown): unknown => JSON.parse(String(data)),
};
