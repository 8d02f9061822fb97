'use client';

import type { ConversationId, ConversationKind, Seq, UserId } from '@tidings/api/ids';
import { createContext, useContext } from 'react';
import type { MessageRow } from '../engine/message-rows';

/** Where a menu opens: at the element that asked for it, or at the pointer. */
export type MenuPlace = {
  readonly element: HTMLElement;
  readonly at?: { readonly x: number; readonly y: number };
};

/** What a line may ask of the conversation around it. Never changes while the conversation is open, so no line renders for it. */
export type Scene = {
  readonly id: ConversationId;
  readonly kind: ConversationKind;
  readonly self: UserId;
  /** Whether one may write here. */
  readonly open: boolean;
  openMenu(row: MessageRow, place: MenuPlace): void;
  openPicker(row: MessageRow, place: MenuPlace): void;
  react(row: MessageRow, emoji: string): void;
  reply(row: MessageRow): void;
  jumpTo(target: Seq): void;
  /** Shows a picture or video of a message large; `index` among its items. */
  openMedia(row: MessageRow, index: number): void;
  /** Begins an answer that asks to send a message's files again. */
  askAgain(row: MessageRow): void;
};

const SceneContext = createContext<Scene | null>(null);

export const SceneProvider = SceneContext.Provider;

export function useScene(): Scene {
  const scene = useContext(SceneContext);
  if (!scene) throw new Error('this view stands outside of a conversation');
  return scene;
}
