import { systemClock as clock } from '@tidings/api/clock';
import { readMigrateConfig } from './config.ts';
import { StartupError } from './startup-error.ts';
import { tellWarnings } from './warnings.ts';

/**
 * `npm run migrate`: makes what the cluster's processes need in the engines, or brings it up to date: MySQL's tables, Cassandra's
 * keyspace and tables, Kafka's topics. What is there already stays; it may be run again, and by several at once. It goes before
 * the processes of a new version, whose predecessors go on working beside it.
 */
async function migrate(): Promise<void> {
  const config = readMigrateConfig();
  tellWarnings((warning) => console.error(String(warning)));
  // Loaded only now: a wrong setting is told at once.
  const { migrateEngines } = await import('./profiles/cluster-migration.ts');
  for await (const line of migrateEngines(config, clock)) console.log(line);
}

migrate().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof StartupError ? error.message : error);
    process.exit(1);
  },
);
