import { createHash } from 'node:crypto';
import type { Config } from '../config.ts';

export type Headers = Readonly<Record<string, string>>;

/** On every answer. */
export function commonHeaders({ publicUrl }: Pick<Config, 'publicUrl'>): Headers {
  const https = publicUrl?.protocol === 'https:';
  return {
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy':
      'accelerometer=(), camera=(self), display-capture=(), geolocation=(self), gyroscope=(), microphone=(self), payment=(), usb=()',
    ...(https ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
  };
}

/** For answers that are data: nothing in them may run or be framed. */
export const dataPolicy = "default-src 'none'; frame-ancestors 'none'";

/**
 * The page's Content-Security-Policy. Scripts are our files and the inline ones that the export was built with, by hash.
 * Styles may be inline: the interface's libraries set positions that way.
 */
export function pagePolicy(html: string, { publicUrl }: Pick<Config, 'publicUrl'>): string {
  const hashes = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, script]) =>
      `'sha256-${createHash('sha256')
        .update(script ?? '')
        .digest('base64')}'`,
  );
  return policy(['script-src', "'self'", ...new Set(hashes)].join(' '), { publicUrl });
}

/**
 * Of a script, where it counts only when a worker begins with it. The one for media hashes in WebAssembly, which the page itself may not run
 * (docs/adr/0016-media-on-the-device.md).
 */
export const workerPolicy = (config: Pick<Config, 'publicUrl'>): string =>
  policy("script-src 'self' 'wasm-unsafe-eval'", config);

function policy(scripts: string, { publicUrl }: Pick<Config, 'publicUrl'>): string {
  // 'self' covers the WebSocket in today's browsers; older ones want it named.
  const socket = publicUrl ? ` ${publicUrl.origin.replace(/^http/, 'ws')}` : '';
  return [
    "default-src 'self'",
    scripts,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    "font-src 'self'",
    `connect-src 'self'${socket}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
