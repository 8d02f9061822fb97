// Checks links to files as the application gives them (apps/server/src/services/asset-links.ts), without asking it. In njs, which is
// JavaScript as nginx 1.22 has it.
import crypto from 'crypto';

const secret = process.env.ASSET_LINK_SECRET;

/** `valid`, or nothing. `/api/assets/<id>?e=<end, seconds>&s=<HMAC-SHA-256 of "<id>.<e>", base64url>` */
function link(r) {
  const id = r.uri.slice('/api/assets/'.length);
  const end = r.args.e;
  const given = r.args.s;
  if (!secret || typeof end !== 'string' || typeof given !== 'string') return '';
  if (!/^[A-Za-z0-9_-]{43}$/.test(id) || !/^\d{1,12}$/.test(end)) return '';
  if (Number(end) * 1000 <= Date.now()) return '';
  const expected = crypto.createHmac('sha256', secret).update(`${id}.${end}`).digest('base64url');
  return isSame(expected, given) ? 'valid' : '';
}

/** Takes as long for a wrong first character as for a wrong last one. */
function isSame(expected, given) {
  if (expected.length !== given.length) return false;
  let difference = 0;
  for (let at = 0; at < expected.length; at += 1)
    difference |= expected.charCodeAt(at) ^ given.charCodeAt(at);
  return difference === 0;
}

export default { link };
