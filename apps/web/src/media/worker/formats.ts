import { ADTS, FLAC, MATROSKA, MP3, MP4, OGG, QTFF, WAVE, WEBM } from 'mediabunny';

/** What is read of films and of sound: the rest is sent as it is. */
export const filmFormats = [MP4, QTFF, WEBM, MATROSKA];
export const soundFormats = [WEBM, MP4, OGG, MP3, ADTS, WAVE, FLAC];
