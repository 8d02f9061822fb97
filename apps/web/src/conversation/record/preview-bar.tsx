'use client';

import { Pause, Play, SendHorizontal, Trash2 } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useWords } from '@/words/words';
import { IconButton } from '../../look/icon-button';
import { clock } from '../media/clock';
import { Waveform } from '../media/waveform';
import { squeezed } from './loudness';
import type { Recorded } from './recorder';
import styles from './recording.module.css';

type PreviewBarProps = { readonly recorded: Recorded; onDiscard(): void; onSend(): void };

/** What was recorded, to listen to before it is sent. */
export function PreviewBar({ recorded, onDiscard, onSend }: PreviewBarProps) {
  const t = useWords('media');
  const words = useWords('conversation.composer');
  const send = useRef<HTMLButtonElement>(null);
  const { toggle, seek, playing, atMs } = usePreview(recorded);
  const loudness = useMemo(() => squeezed(recorded.loudness, 64), [recorded]);
  const { durationMs } = recorded;
  useEffect(() => send.current?.focus(), []);
  return (
    <>
      <IconButton label={t('record.discard')} onClick={onDiscard}>
        <Trash2 />
      </IconButton>
      <IconButton label={t(playing ? 'sound.pause' : 'record.listen')} onClick={toggle}>
        {playing ? <Pause /> : <Play />}
      </IconButton>
      <span className={styles.preview}>
        <Waveform loudness={loudness} fraction={atMs / durationMs} />
        <input
          type="range"
          className={styles.seek}
          aria-label={t('sound.seek')}
          aria-valuetext={t('sound.position', { at: clock(atMs), of: clock(durationMs) })}
          min={0}
          max={Math.round(durationMs)}
          step={100}
          value={Math.min(atMs, durationMs)}
          onChange={(event) => seek(event.currentTarget.valueAsNumber)}
        />
      </span>
      <span className={styles.time}>{clock(playing || atMs > 0 ? atMs : durationMs)}</span>
      <IconButton ref={send} label={words('send')} variant="primary" onClick={onSend}>
        <SendHorizontal />
      </IconButton>
    </>
  );
}

const lookMs = 100;

function usePreview({ file }: Recorded) {
  const [playing, setPlaying] = useState(false);
  const [atMs, setAtMs] = useState(0);
  const audio = useMemo(() => new Audio(), []);
  useEffect(() => {
    const url = URL.createObjectURL(file);
    audio.src = url;
    const stopped = () => setPlaying(false);
    audio.onplaying = () => setPlaying(true);
    audio.onpause = stopped;
    audio.onended = () => {
      stopped();
      setAtMs(0);
    };
    return () => {
      audio.pause();
      audio.removeAttribute('src');
      URL.revokeObjectURL(url);
    };
  }, [audio, file]);
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => setAtMs(audio.currentTime * 1_000), lookMs);
    return () => clearInterval(timer);
  }, [audio, playing]);
  return {
    playing,
    atMs,
    toggle: () => {
      if (audio.paused) void audio.play().catch(() => {});
      else audio.pause();
    },
    seek: (ms: number) => {
      audio.currentTime = ms / 1_000;
      setAtMs(ms);
    },
  };
}
