import { createHmac, timingSafeEqual } from 'node:crypto';

/** The cookie's name is public knowledge; `__Secure-` makes browsers refuse it over plain HTTP. */
export const sessionCookieName = (secure: boolean): string =>
  `${secure ? '__Secure-' : ''}tidings.session_token`;

/**
 * The session token in a Cookie header, if its signature is ours; else `null`. better-auth signs `token.base64(HMAC-SHA256(token))`;
 * this is its check without its promises, since a server that restarts does it for every device at once.
 */
export function tokenOf(cookieHeader: string | undefined, name: string, secret: string): string | null {
  const value = cookieValue(cookieHeader, name);
  const dot = value?.lastIndexOf('.') ?? -1;
  if (!value || dot < 1) return null;
  const token = value.slice(0, dot);
  const given = Buffer.from(value.slice(dot + 1));
  const right = Buffer.from(createHmac('sha256', secret).update(token).digest('base64'));
  return given.length === right.length && timingSafeEqual(given, right) ? token : null;
}

function cookieValue(header: string | undefined, name: string): string | null {
  if (!header) return null;
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=');
    if (equals > 0 && pair.slice(0, equals).trim() === name) return decode(pair.slice(equals + 1).trim());
  }
  return null;
}

function decode(value: string): string | null {
  try {
    return decodeURIComponent(value);
  } catch {
    return null;
  }
}
