'use client';

import type { ClientId, ConversationId, Seq, UserId } from '@tidings/api/ids';
import { createContext, useContext } from 'react';
import type { MessageRow } from '../../engine/message-rows';

/** The message that holds what is shown. */
export type Holder = {
  readonly conversation: ConversationId;
  readonly row: MessageRow;
  readonly sender: UserId;
  readonly own: boolean;
  readonly seq: Seq | null;
  /** Of a message that this device is still sending. */
  readonly sending: ClientId | null;
  /** Of its controls: they are reached by the Tab key from their line only. */
  readonly tabIndex: number;
};

const HolderContext = createContext<Holder | null>(null);

export const HolderProvider = HolderContext.Provider;

export function useHolder(): Holder {
  const holder = useContext(HolderContext);
  if (!holder) throw new Error('this view stands outside of a message');
  return holder;
}
