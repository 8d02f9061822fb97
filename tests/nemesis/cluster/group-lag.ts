import type { ClusterProcess } from '@tidings/server/testing/cluster-process';
import type { Stage } from './stage.ts';

/** Entries that were brought to members not later than so many seconds after they were accepted, by that bound. */
type Counts = ReadonlyMap<number, number>;

/**
 * How late the slowest entry of a group was brought to its members by a group message handler, since this was opened. Devices may have
 * had it earlier, from redelivery: so this shows how long a group had nobody, where the devices show what the net below makes of it.
 */
export class GroupLag {
  readonly #stage: Stage;
  readonly #before: ReadonlyMap<ClusterProcess, Counts>;

  private constructor(stage: Stage, before: ReadonlyMap<ClusterProcess, Counts>) {
    this.#stage = stage;
    this.#before = before;
  }

  static async open(stage: Stage): Promise<GroupLag> {
    return new GroupLag(stage, await countsOf(stage));
  }

  /** Seconds, rounded up to the next bound of the metric; 0 when nothing was brought. What a killed one counted is gone with it. */
  async worstS(): Promise<number> {
    let worst = 0;
    for (const [process, counts] of await countsOf(this.#stage)) {
      let earlier = 0;
      for (const [bound, count] of [...counts].sort(([a], [b]) => a - b)) {
        const since = count - (this.#before.get(process)?.get(bound) ?? 0);
        if (since > earlier) worst = Math.max(worst, bound);
        earlier = since;
      }
    }
    return worst;
  }
}

async function countsOf({ groupHandlers }: Stage): Promise<ReadonlyMap<ClusterProcess, Counts>> {
  const running = groupHandlers.map((member) => member.process).filter((process) => process.isRunning);
  return new Map(
    await Promise.all(running.map(async (process) => [process, boundsIn(await metricsOf(process))] as const)),
  );
}

const metricsOf = async ({ url }: ClusterProcess): Promise<string> => (await fetch(`${url}/metrics`)).text();

function boundsIn(metrics: string): Counts {
  const lines = metrics.matchAll(/^tidings_group_delivery_seconds_bucket\{le="([^"]+)"\} (\d+)$/gm);
  return new Map(
    [...lines].map(([, bound, count]) => [
      bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound),
      Number(count),
    ]),
  );
}
