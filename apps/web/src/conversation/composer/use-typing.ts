import type { ConversationId } from '@tidings/api/ids';
import { useEffect, useMemo } from 'react';
import { useEngine } from '../../engine/hooks';
import { TypingSignal } from './typing-signal';

/** Tells the others in a conversation that one is typing, as long as this view is there. */
export function useTyping(conversation: ConversationId): { typed(): void; stopped(): void } {
  const engine = useEngine();
  const signal = useMemo(
    () => new TypingSignal((typing) => engine.typing(conversation, typing)),
    [engine, conversation],
  );
  useEffect(() => () => signal.stopped(), [signal]);
  return useMemo(
    () => ({ typed: () => signal.typed(performance.now()), stopped: () => signal.stopped() }),
    [signal],
  );
}
