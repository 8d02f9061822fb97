/** What one is about to send besides words. */
export type Attaching =
  | { readonly type: 'files'; readonly files: readonly File[]; readonly asDocuments: boolean }
  | { readonly type: 'place' }
  | { readonly type: 'contact' };

let listener: ((attaching: Attaching) => void) | null = null;

/** Between the composer's menu and the layer of the open chat, which is fetched after the first paint. */
export const attachBoard = {
  ask: (attaching: Attaching): void => listener?.(attaching),
  listen(listen: (attaching: Attaching) => void): () => void {
    listener = listen;
    return () => {
      if (listener === listen) listener = null;
    };
  },
};
