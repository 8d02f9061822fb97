/** How a contract suite comes to what it tests. Who calls the suite closes what was opened. */
export type Opening<T> = {
  /** Shared by the tests of a suite, and maybe with others: it needn't be empty. */
  open(): Promise<T>;
  /** The same content through a new connection, after the old one was closed in an orderly way. Left out where nothing lasts. */
  reopen?(): Promise<T>;
};
