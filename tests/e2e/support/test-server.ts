/** Variables of the environment, which a server reads its settings from. */
export type Settings = Readonly<Record<string, string>>;

/** The real server, which a test may kill and start again on the same data and address: one process or a whole cluster. */
export interface TestServer {
  readonly url: string;
  /** Ends all of it as `signal` does. */
  end(signal: NodeJS.Signals): Promise<void>;
  /** `settings` are those that are others from now on. */
  startAgain(settings?: Settings): Promise<void>;
}
