import type { Readable } from './port';

/** What `later` will tell, and `first` until then. */
export function lateReadable<T>(first: T, later: Promise<Readable<T>>): Readable<T> {
  let found: Readable<T> | null = null;
  const known = later.then((readable) => {
    found = readable;
    return readable;
  });
  known.catch(() => {});
  return {
    get: () => (found ? found.get() : first),
    subscribe(listener) {
      let end = () => {};
      let ended = false;
      known.then(
        (readable) => {
          if (ended) return;
          end = readable.subscribe(listener);
          listener();
        },
        () => {},
      );
      return () => {
        ended = true;
        end();
      };
    },
  };
}
