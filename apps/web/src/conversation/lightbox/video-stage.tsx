'use client';

import type { ErrorCode } from '@tidings/api/errors';
import type { MediaItem } from '@tidings/api/media';
import { Maximize, Minimize, Pause, Play, Volume2, VolumeX } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useWords } from '@/words/words';
import { useClient } from '../../engine/client';
import { IconButton } from '../../look/icon-button';
import { Spinner } from '../../look/spinner';
import { clock } from '../media/clock';
import { Failure } from '../media/fetching';
import { useHolder } from '../media/holder';
import { rates } from '../media/playback';
import { codeOf } from '../media/use-file';
import { usePicture } from '../media/use-picture';
import { usePlayback } from '../media/use-playback';
import { useSave } from '../media/use-save';
import styles from './video-stage.module.css';

/** A video that plays while it comes, with the controls of the app. */
export function VideoStage({ item }: { readonly item: MediaItem }) {
  const { conversation } = useHolder();
  const [attempt, setAttempt] = useState(0);
  const { url, failed, fail } = useStream(item, attempt);
  const save = useSave(conversation);
  if (failed) {
    return (
      <div className={styles.middle}>
        <Failure
          code={failed}
          onRetry={() => setAttempt((count) => count + 1)}
          onSave={() => void save(item)}
        />
      </div>
    );
  }
  return <Player key={url} item={item} url={url} onBroken={() => fail('asset-broken')} />;
}

function useStream(item: MediaItem, attempt: number) {
  const { media } = useClient();
  const { conversation } = useHolder();
  const playback = usePlayback();
  const [url, setUrl] = useState<string | null>(null);
  const [failed, fail] = useState<ErrorCode | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a file is its asset; each attempt begins anew
  useEffect(() => {
    let wanted = true;
    let release = () => {};
    playback.pause();
    setUrl(null);
    fail(null);
    media.stream(conversation, item).then(
      (playable) => {
        if (!wanted) return playable.release();
        release = () => playable.release();
        setUrl(playable.url);
      },
      (error: unknown) => wanted && fail(codeOf(error)),
    );
    return () => {
      wanted = false;
      release();
    };
  }, [media, playback, conversation, item.file.asset, attempt]);
  return { url, failed, fail };
}

type PlayerProps = { readonly item: MediaItem; readonly url: string | null; onBroken(): void };

function Player({ item, url, onBroken }: PlayerProps) {
  const t = useWords('media');
  const video = useRef<HTMLVideoElement>(null);
  const stage = useRef<HTMLElement>(null);
  const [state, setState] = useState({ playing: false, waiting: true, at: 0, muted: false });
  const [rate, setRate] = useState<(typeof rates)[number]>(1);
  const full = useFullScreen(stage);
  const change = (part: Partial<typeof state>) => setState((before) => ({ ...before, ...part }));
  const durationMs = item.durationMs || (video.current?.duration || 0) * 1_000;

  const toggle = () => {
    const element = video.current;
    if (!element) return;
    if (element.paused) void element.play().catch(() => {});
    else element.pause();
  };
  const seek = (ms: number) => {
    if (video.current) video.current.currentTime = ms / 1_000;
    change({ at: ms });
  };
  const nextRate = () => {
    const next = rates[(rates.indexOf(rate) + 1) % rates.length] ?? 1;
    if (video.current) video.current.playbackRate = next;
    setRate(next);
  };
  const mute = () => {
    if (!video.current) return;
    video.current.muted = !video.current.muted;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === ' ' && !(event.target as Element).closest('button')) toggle();
    else if (event.key === 'f') full.toggle();
    else if (event.key === 'm') mute();
    else return;
    event.preventDefault();
  };
  const { width = 16, height = 9 } = item;
  return (
    <section ref={stage} className={styles.stage} aria-label={t('kinds.one.video')} onKeyDown={onKeyDown}>
      <div className={styles.screen}>
        <Poster item={item} />
        {url !== null && (
          // biome-ignore lint/a11y/useMediaCaption: people send none with their videos
          <video
            ref={video}
            src={url}
            className={styles.video}
            style={{ aspectRatio: `${width} / ${height}` }}
            playsInline
            autoPlay
            onClick={toggle}
            onPlaying={() => change({ playing: true, waiting: false })}
            onCanPlay={() => change({ waiting: false })}
            onPause={() => change({ playing: false })}
            onWaiting={() => change({ waiting: true })}
            onVolumeChange={(event) => change({ muted: event.currentTarget.muted })}
            onTimeUpdate={(event) => change({ at: event.currentTarget.currentTime * 1_000 })}
            onError={onBroken}
          />
        )}
        {state.waiting && <Spinner label={t('video.loading')} className={styles.waiting} />}
      </div>
      <div className={styles.controls}>
        <IconButton label={t(state.playing ? 'sound.pause' : 'sound.play')} onClick={toggle}>
          {state.playing ? <Pause /> : <Play />}
        </IconButton>
        <span className={styles.time}>{clock(state.at)}</span>
        <input
          type="range"
          className={styles.seek}
          aria-label={t('sound.seek')}
          aria-valuetext={t('sound.position', { at: clock(state.at), of: clock(durationMs) })}
          min={0}
          max={Math.max(1, durationMs)}
          step={1_000}
          value={Math.min(state.at, durationMs)}
          style={{ '--at': durationMs > 0 ? state.at / durationMs : 0 } as React.CSSProperties}
          onChange={(event) => seek(event.currentTarget.valueAsNumber)}
        />
        <span className={styles.time}>{clock(durationMs)}</span>
        <button
          type="button"
          className={styles.rate}
          aria-label={t('sound.speed', { rate: String(rate) })}
          onClick={nextRate}
        >
          {rate}×
        </button>
        <IconButton label={t(state.muted ? 'video.unmute' : 'video.mute')} keys="M" onClick={mute}>
          {state.muted ? <VolumeX /> : <Volume2 />}
        </IconButton>
        {full.possible && (
          <IconButton label={t(full.on ? 'video.small' : 'video.full')} keys="F" onClick={full.toggle}>
            {full.on ? <Minimize /> : <Maximize />}
          </IconButton>
        )}
      </div>
    </section>
  );
}

/** Under the video until its own first frame is there. */
function Poster({ item }: { readonly item: MediaItem }) {
  if (!item.poster) return null;
  return <PosterPicture item={item} poster={item.poster} />;
}

type PosterPictureProps = { readonly item: MediaItem; readonly poster: NonNullable<MediaItem['poster']> };

function PosterPicture({ item, poster }: PosterPictureProps) {
  const { conversation } = useHolder();
  const { url } = usePicture(conversation, poster);
  const { width = 16, height = 9 } = item;
  return url ? (
    // biome-ignore lint/performance/noImgElement: decrypted on this device
    <img src={url} alt="" className={styles.poster} style={{ aspectRatio: `${width} / ${height}` }} />
  ) : null;
}

function useFullScreen(element: { readonly current: HTMLElement | null }) {
  const [on, setOn] = useState(false);
  useEffect(() => {
    const look = () => setOn(document.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', look);
    return () => document.removeEventListener('fullscreenchange', look);
  }, []);
  return {
    on,
    possible: document.fullscreenEnabled,
    toggle: () => {
      if (document.fullscreenElement) void document.exitFullscreen();
      else void element.current?.requestFullscreen().catch(() => {});
    },
  };
}
