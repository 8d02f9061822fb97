/** However little there is to show (a tab in the background paints nothing), everything else must begin some time. */
const atLatestMs = 2_000;

/**
 * When the first things of a page are on its screen. What isn't needed for them waits, so that it takes neither the processor nor
 * the local store from them: the engine's writes would make the reads of the views wait. One per page.
 */
export class FirstPaint {
  #endLocal!: () => void;
  #endShown!: () => void;

  /** What this device holds of what the address asks for is painted, or there is nothing: time to ask the server. */
  readonly local = new Promise<void>((resolve) => {
    this.#endLocal = resolve;
  });
  /** Chats or messages are painted: time for the rest of the app. */
  readonly shown = new Promise<void>((resolve) => {
    this.#endShown = resolve;
  });

  /** This device has nothing to show: the engine has to bring it. */
  nothingLocal(): void {
    this.#endLocal();
  }

  /** To be called when what the address asks for has been put into the page. */
  committed(): void {
    afterNextFrame(() => this.#end());
  }

  /** For a page on which that may take long. */
  atLatest(): void {
    setTimeout(() => this.#end(), atLatestMs);
  }

  #end(): void {
    this.#endLocal();
    this.#endShown();
  }
}

/** A frame's own callbacks run before it is painted, a task that one of them plans after it. */
function afterNextFrame(task: () => void): void {
  requestAnimationFrame(() => setTimeout(task));
}

export const firstPaint = new FirstPaint();
