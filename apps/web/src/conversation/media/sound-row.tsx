'use client';

import type { MediaItem } from '@tidings/api/media';
import { Mic, Music, Pause, Play } from 'lucide-react';
import { useMemo } from 'react';
import { useWords } from '@/words/words';
import { useLive } from '../../engine/hooks';
import { Spinner } from '../../look/spinner';
import { clock } from './clock';
import { Failure } from './fetching';
import { useHolder } from './holder';
import { rates, type Track } from './playback';
import { Sending } from './sending';
import styles from './sound-row.module.css';
import { playedKey, trackKey, usePlayback, usePlaying, useRate } from './use-playback';
import { useSave } from './use-save';
import { Waveform, waveformOf } from './waveform';

/** A voice message or a piece of music, with a player in its row. It streams: nothing has to be here before. */
export function SoundRow({ item, index }: { readonly item: MediaItem; readonly index: number }) {
  const t = useWords('media.sound');
  const { conversation, row, seq, sending, tabIndex } = useHolder();
  const key = trackKey(conversation, seq ?? row.key, index);
  const playback = usePlayback();
  const playing = usePlaying(key);
  const save = useSave(conversation);
  const track = useMemo<Track>(() => ({ key, conversation, seq, item }), [key, conversation, seq, item]);
  const voice = item.kind === 'voice';
  const on = playing.state === 'playing' || playing.state === 'loading';
  const durationMs = item.durationMs ?? 0;
  const touched = playing.state !== 'idle';
  return (
    <>
      <span className={styles.row} data-voice={voice || undefined}>
        {sending ? (
          <Sending client={sending} plain />
        ) : (
          <button
            type="button"
            className={styles.play}
            tabIndex={tabIndex}
            aria-label={t(on ? 'pause' : voice ? 'playVoice' : 'play')}
            onClick={() => playback.toggle(track)}
          >
            {playing.state === 'loading' ? <Spinner /> : on ? <Pause /> : <Play className={styles.start} />}
          </button>
        )}
        <span className={styles.middle}>
          {!voice && (
            <span className={styles.name} dir="auto">
              {item.name || t('audio')}
            </span>
          )}
          <Seek
            item={item}
            positionMs={playing.positionMs}
            durationMs={durationMs}
            onSeek={(ms) => playback.seek(track, ms)}
          />
          <span className={styles.about}>
            <time>{clock(touched ? playing.positionMs : durationMs)}</time>
            {voice ? <Played /> : <Music aria-hidden="true" />}
          </span>
        </span>
        {touched && !sending ? <RateButton /> : <span className={styles.rate} />}
      </span>
      {playing.failed && (
        <Failure
          code={playing.failed}
          onRetry={() => void playback.play(track)}
          onSave={() => void save(item)}
        />
      )}
    </>
  );
}

type SeekProps = {
  readonly item: MediaItem;
  readonly positionMs: number;
  readonly durationMs: number;
  onSeek(ms: number): void;
};

/** A slider on a waveform, or on a line where there is none. */
function Seek({ item, positionMs, durationMs, onSeek }: SeekProps) {
  const t = useWords('media.sound');
  const { tabIndex } = useHolder();
  const loudness = useMemo(() => waveformOf(item.waveform), [item.waveform]);
  const fraction = durationMs > 0 ? Math.min(1, positionMs / durationMs) : 0;
  return (
    <span className={styles.seek} style={{ '--at': fraction } as React.CSSProperties}>
      {loudness ? <Waveform loudness={loudness} fraction={fraction} /> : <span className={styles.line} />}
      <input
        type="range"
        className={styles.slider}
        tabIndex={tabIndex}
        aria-label={t('seek')}
        aria-valuetext={t('position', { at: clock(positionMs), of: clock(durationMs) })}
        min={0}
        max={Math.max(1, Math.round(durationMs))}
        step={1}
        value={Math.round(Math.min(positionMs, durationMs))}
        onChange={(event) => onSeek(event.currentTarget.valueAsNumber)}
        // A second at a time: a step of a thousandth is for the pointer.
        onKeyDown={(event) => {
          const step = steps[event.key];
          if (step === undefined) return;
          event.preventDefault();
          event.stopPropagation();
          onSeek(Math.max(0, Math.min(durationMs, positionMs + step)));
        }}
      />
    </span>
  );
}

const steps: Readonly<Record<string, number>> = {
  ArrowRight: 1_000,
  ArrowUp: 1_000,
  ArrowLeft: -1_000,
  ArrowDown: -1_000,
  PageUp: 10_000,
  PageDown: -10_000,
};

function RateButton() {
  const t = useWords('media.sound');
  const { tabIndex } = useHolder();
  const playback = usePlayback();
  const rate = useRate();
  return (
    <button
      type="button"
      className={styles.rate}
      tabIndex={tabIndex}
      aria-label={t('speed', { rate: String(rate) })}
      title={t('speeds', { rates: rates.join(' / ') })}
      onClick={() => playback.nextRate()}
    >
      {rate}×
    </button>
  );
}

/** Whether one has listened to it, on any device. */
function Played() {
  const t = useWords('media.sound');
  const { conversation, seq, own } = useHolder();
  const key = seq === null ? '' : playedKey(conversation, seq);
  const found = useLive(`item ${key}`, (reads) => (key === '' ? Promise.resolve([]) : reads.items([key])));
  const played = own || found?.[0] === true;
  return (
    <span
      role="img"
      className={styles.mic}
      data-new={!played || undefined}
      aria-label={t(own ? 'voice' : played ? 'played' : 'notPlayed')}
    >
      <Mic aria-hidden="true" />
    </span>
  );
}
