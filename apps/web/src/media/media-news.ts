import type { AssetId, UserId } from '@tidings/api/ids';

/** What the tabs of one user tell each other of media. */
export type MediaNews =
  /** By the tab that uploads: bytes of ciphertext. */
  | { readonly type: 'uploading'; readonly asset: AssetId; readonly sent: number }
  | { readonly type: 'here'; readonly asset: AssetId }
  | { readonly type: 'gone'; readonly assets: readonly AssetId[] };

/** News reach this tab too. */
export interface NewsBoard {
  tell(news: MediaNews): void;
  close(): void;
}

export function newsBoard(user: UserId, hear: (news: MediaNews) => void): NewsBoard {
  const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(`tidings/${user}/media`) : null;
  if (channel) channel.onmessage = (event: MessageEvent) => hear(event.data as MediaNews);
  return {
    tell: (news) => {
      channel?.postMessage(news);
      hear(news);
    },
    close: () => channel?.close(),
  };
}
