import type { Pool } from 'mariadb';

/**
 * How far a server is, as the GTIDs (global transaction ids) of what it has committed. MariaDB and MySQL have different ones,
 * and different functions to wait for them.
 */
export type Replication = {
  /** What the primary has committed; empty when it keeps no binary log, or no GTIDs. */
  position(primary: Pool): Promise<string>;
  /** True when the replica shows everything up to the position, possibly after waiting for it. */
  reached(replica: Pool, position: string, waitMs: number): Promise<boolean>;
};

const mariadb = replication({
  position: 'SELECT @@GLOBAL.gtid_current_pos AS position',
  reached: 'SELECT MASTER_GTID_WAIT(?, ?) AS refused',
});

const mysql = replication({
  position: 'SELECT @@GLOBAL.gtid_executed AS position',
  reached: 'SELECT WAIT_FOR_EXECUTED_GTID_SET(?, ?) AS refused',
});

/** Asks the server which of the two it is. */
export async function replicationOf(server: Pool): Promise<Replication> {
  const [row] = await server.query<{ version: string }[]>('SELECT VERSION() AS version');
  return /mariadb/i.test(row?.version ?? '') ? mariadb : mysql;
}

function replication(sql: { readonly position: string; readonly reached: string }): Replication {
  return {
    async position(primary) {
      const [row] = await primary.query<{ position: string | null }[]>(sql.position);
      return row?.position ?? '';
    },
    async reached(replica, position, waitMs) {
      const [row] = await replica.query<{ refused: number | bigint | null }[]>(sql.reached, [
        position,
        waitMs / 1_000,
      ]);
      return row?.refused !== null && Number(row?.refused) === 0;
    },
  };
}
