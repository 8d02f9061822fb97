import { type RateLimiterAbstract, RateLimiterMemory } from 'rate-limiter-flexible';

/** So many attempts within so many seconds, by key. `name` is the limiter's own: nobody else counts with it. */
export type Limit = { readonly name: string; readonly points: number; readonly duration: number };
export type MakeLimiter = (limit: Limit) => RateLimiterAbstract;

/** Counts in this process. Where there are several, the profile gives one that they share. */
export const memoryLimiter: MakeLimiter = ({ points, duration }) =>
  new RateLimiterMemory({ points, duration });
