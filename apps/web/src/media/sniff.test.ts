import { expect, test } from 'vitest';
import { playedAs, sniff } from './sniff';

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

test('ASSET9 what is shown is known by its first bytes, whatever the sender called it', () => {
  expect(sniff(bytes('\xff\xd8\xff\xe0\0\x10JFIF'))).toBe('image/jpeg');
  expect(sniff(bytes('RIFF....WEBPVP8 '))).toBe('image/webp');
  expect(sniff(bytes('\0\0\0\x20ftypisom'))).toBe('video/mp4');
  expect(sniff(bytes('\x1a\x45\xdf\xa3'))).toBe('video/webm');
});

test('ASSET9 what a browser would run has no type', () => {
  for (const text of [
    '<!doctype html><script>alert(1)</script>',
    '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    '<?xml version="1.0"?><svg/>',
    '%PDF-1.7',
    'MZ\x90\0',
    '#!/bin/sh',
    '',
  ])
    expect(sniff(bytes(text))).toBe('application/octet-stream');
});

test('ASSET9 a file that is two things at once is taken for the harmless one', () => {
  expect(sniff(bytes('GIF89a/*<svg onload=alert(1)>*/=1;alert(1)'))).toBe('image/gif');
});

test('a recording is sound, though its container is that of videos', () => {
  expect(playedAs('video/webm', 'voice')).toBe('audio/webm');
  expect(playedAs('video/mp4', 'audio')).toBe('audio/mp4');
  expect(playedAs('video/webm', 'video')).toBe('video/webm');
});
