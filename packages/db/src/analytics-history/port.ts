/** What happened in one minute, all conversations and processes together. Counts are whole numbers ≥ 0. */
export type MinuteAggregate = {
  /** The minute's start, milliseconds since 1970 (UTC). */
  readonly minute: number;
  /** Messages accepted, by kind of their entry. */
  readonly messages: Readonly<Record<string, number>>;
  /** Messages that a member's device said it has. */
  readonly deliveries: number;
  /** Messages that a member read. */
  readonly reads: number;
  /** Milliseconds from the send's acknowledgement to a member's delivery; `null` in a minute without deliveries. */
  readonly sendToDelivered: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
  /** Different users who sent or read something. */
  readonly activeUsers: number;
  /** Recipients of a message. */
  readonly fanOut: { readonly mean: number; readonly max: number };
  readonly connections: number;
  readonly uploads: { readonly count: number; readonly bytes: number };
  /** By code of the error table. */
  readonly errors: Readonly<Record<string, number>>;
};

/** The minutes of the past, as the events were summed up: on disk beside the embedded server, in Parquet beside the cluster. */
export interface AnalyticsHistory {
  /**
   * The minutes in `[from, to)` in which something happened, oldest first. `from` and `to` are milliseconds since 1970; at most 31 days
   * lie between them. The newest minutes may be missing until they are summed up.
   * @throws TidingsError `unavailable` when what holds them can't be read; a line or file that is broken is left out and logged.
   */
  minutes(from: number, to: number): Promise<readonly MinuteAggregate[]>;
}
