/** What one is about to send besides words. */
export type Attaching =
  | { readonly type: 'files'; readonly files: readonly File[]; readonly asDocuments: boolean }
  | { readonly type: 'place' }
  | { readonly type: 'contact' };

type Listener = (attaching: Attaching) => void;

let listener: Listener | null = null;
let waiting: Attaching | null = null;

/** Between the composer's menu and the layer of the open chat, which is fetched after the first paint: what is asked before waits for it. */
export const attachBoard = {
  ask(attaching: Attaching): void {
    if (listener) listener(attaching);
    else waiting = attaching;
  },
  listen(listen: Listener): () => void {
    listener = listen;
    if (waiting) listen(waiting);
    waiting = null;
    return () => {
      if (listener === listen) listener = null;
    };
  },
  /** Its chat is left: in another one nobody asked for it. */
  forget(): void {
    waiting = null;
  },
};
