/** How often a cache had what it was asked for. Numbers that only grow; whoever watches reads them. */
export class CacheUse {
  hits = 0;
  misses = 0;

  count(isHit: boolean, times = 1): void {
    if (isHit) this.hits += times;
    else this.misses += times;
  }
}
