'use client';

import type { Quote } from '@tidings/api/content';
import type { ConversationId } from '@tidings/api/ids';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Preparation } from '@/media/port';
import { useErrorText } from '@/words/error-text';
import { useClient } from '../../engine/client';
import { toast } from '../../look/toast';
import { usePlayback } from '../media/use-playback';
import type { Held } from './record-button';
import { type Recorded, Recorder, type RecordProblem } from './recorder';

export type RecordingState =
  | { readonly type: 'asking' }
  | { readonly type: 'refused'; readonly problem: RecordProblem }
  | {
      readonly type: 'recording';
      readonly elapsedMs: number;
      /** The loudness of the last seconds, the newest last. */
      readonly levels: readonly number[];
      /** Goes on only while the button is held. `slid`: 0–1, how near to being given up. */
      readonly held: { readonly slid: number } | null;
    }
  | { readonly type: 'preview'; readonly recorded: Recorded };

type Around = {
  readonly held: Held;
  readonly conversation: ConversationId;
  readonly replyTo: Quote | null;
  onSent(): void;
  onEnd(): void;
};

/** Who lets go sooner meant to press: the recording goes on without holding. */
const pressMs = 400;
/** So far to the side gives it up, so far upwards lets it go on. */
const cancelPx = 120;
const lockPx = 70;
const shownLevels = 80;
/** Shorter than this it says nothing. */
const leastMs = 500;

/** A recording from the press of a button to the outbox. */
export function useRecording(around: Around) {
  const { media } = useClient();
  const playback = usePlayback();
  const errorText = useErrorText();
  const [state, setState] = useState<RecordingState>({ type: 'asking' });
  const latest = useRef(around);
  latest.current = around;
  const recorder = useRef<Recorder | null>(null);
  const preparation = useRef<Preparation | null>(null);
  const ended = useRef(false);

  const discard = useCallback(() => {
    ended.current = true;
    recorder.current?.cancel();
    preparation.current?.discard();
    latest.current.onEnd();
  }, []);

  const finish = useCallback(async (): Promise<Recorded | null> => {
    const running = recorder.current;
    if (!running) return null;
    recorder.current = null;
    const recorded = await running.stop();
    if (recorded.durationMs < leastMs) {
      discard();
      return null;
    }
    preparation.current = media.prepare(recorded.file, { as: 'voice' });
    return recorded;
  }, [media, discard]);

  const stop = useCallback(async () => {
    const recorded = await finish();
    if (recorded) setState({ type: 'preview', recorded });
  }, [finish]);

  const send = useCallback(async () => {
    const ready = preparation.current;
    if (!ready || ended.current) return;
    ended.current = true;
    preparation.current = null;
    const { conversation, replyTo, onSent, onEnd } = latest.current;
    onEnd();
    try {
      await media.send(conversation, [ready], { text: '', ...(replyTo ? { replyTo } : {}) });
      onSent();
    } catch (error) {
      toast(errorText(error), { kind: 'bad' });
    }
  }, [media, errorText]);

  const stopAndSend = useCallback(async () => {
    if (await finish()) await send();
  }, [finish, send]);

  useEffect(() => {
    ended.current = false;
    // What plays would be recorded too.
    playback.pause();
    const heard = (level: number, elapsedMs: number) =>
      setState((before) =>
        before.type === 'recording'
          ? { ...before, elapsedMs, levels: [...before.levels, level].slice(-shownLevels) }
          : before,
      );
    Recorder.start({ heard }).then(
      (started) => {
        if (ended.current) return started.cancel();
        recorder.current = started;
        const { held } = latest.current;
        const holds = held !== null && !held.released;
        setState({ type: 'recording', elapsedMs: 0, levels: [], held: holds ? { slid: 0 } : null });
      },
      (problem: RecordProblem) => !ended.current && setState({ type: 'refused', problem }),
    );
    return () => {
      ended.current = true;
      recorder.current?.cancel();
      preparation.current?.discard();
    };
  }, [playback]);

  const holds = state.type === 'recording' && state.held !== null;
  useEffect(() => {
    const { held } = latest.current;
    if (!holds || !held) return;
    const letGo = () =>
      setState((before) => (before.type === 'recording' ? { ...before, held: null } : before));
    // Let go while the microphone was being opened.
    if (held.released) return letGo();
    const onMove = (event: PointerEvent) => {
      if (event.pointerId !== held.pointer) return;
      const aside = Math.abs(event.clientX - held.x);
      if (aside > cancelPx) discard();
      else if (held.y - event.clientY > lockPx) letGo();
      else
        setState((before) =>
          before.type === 'recording' ? { ...before, held: { slid: aside / cancelPx } } : before,
        );
    };
    const onUp = (event: PointerEvent) => {
      if (event.pointerId !== held.pointer) return;
      if (event.timeStamp - held.at < pressMs) letGo();
      else void stop();
    };
    addEventListener('pointermove', onMove);
    addEventListener('pointerup', onUp);
    addEventListener('pointercancel', letGo);
    return () => {
      removeEventListener('pointermove', onMove);
      removeEventListener('pointerup', onUp);
      removeEventListener('pointercancel', letGo);
    };
  }, [holds, stop, discard]);

  return {
    state,
    discard,
    stop: () => void stop(),
    send: () => void send(),
    stopAndSend: () => void stopAndSend(),
  };
}
