/** The code of an invitation, from the code itself or the whole link that somebody was sent. */
export function inviteCode(text: string): string {
  const trimmed = text.trim();
  const inLink = /[?&]invite=([^&#\s]+)/.exec(trimmed)?.[1];
  return inLink === undefined ? trimmed : decodeURIComponent(inLink);
}

export const inviteLink = (origin: string, code: string): string =>
  `${origin}/sign-up?invite=${encodeURIComponent(code)}`;
