import type { TestProject } from 'vitest/node';

/** Where the engines of the cluster profile answer. Tests take them with `inject('engines')`. */
export type Engines = {
  readonly cassandra: { readonly contactPoints: readonly string[]; readonly localDataCenter: string };
  /** `coordination` holds registry, sequencer and channels; `cache` holds rows that may be evicted. */
  readonly redis: { readonly coordination: string; readonly cache: string };
  readonly kafka: { readonly brokers: readonly string[] };
  /** Connection URLs, with the right to make databases. */
  readonly mysql: { readonly primary: string; readonly replicas: readonly string[] };
};

declare module 'vitest' {
  export interface ProvidedContext {
    engines: Engines;
  }
}

/** Vitest's global set-up of the project `cluster`. */
export function setup({ provide }: TestProject): void {
  provide('engines', {
    cassandra: { contactPoints: ['127.0.0.1:9042'], localDataCenter: 'datacenter1' },
    redis: { coordination: 'redis://127.0.0.1:6379', cache: 'redis://127.0.0.1:6380' },
    kafka: { brokers: ['127.0.0.1:9092'] },
    mysql: {
      primary: 'mysql://root@127.0.0.1:3306',
      replicas: ['mysql://root@127.0.0.1:3307'],
    },
  });
}
