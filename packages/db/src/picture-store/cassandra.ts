import { createHash } from 'node:crypto';
import { type PictureId, pictureId } from '@tidings/api/ids';
import type { CassandraSession } from '../cassandra/session.ts';
import type { PictureStore } from './port.ts';

const insert = 'INSERT INTO picture (id, bytes) VALUES (?, ?)';
const select = 'SELECT bytes FROM picture WHERE id = ?';

/**
 * Small pictures as rows of Cassandra: the table `picture`. It holds avatars, which are some ten kilobytes each; media are another
 * matter, and no database is the place for those.
 */
export class CassandraPictures implements PictureStore {
  readonly #session: CassandraSession;

  constructor(session: CassandraSession) {
    this.#session = session;
  }

  /** Whoever puts the same bytes writes the same row. */
  async put(bytes: Uint8Array): Promise<PictureId> {
    const id = pictureId(createHash('sha256').update(bytes).digest('hex'));
    await this.#session.write([{ query: insert, params: [id, Buffer.from(bytes)] }]);
    return id;
  }

  async get(id: PictureId): Promise<Uint8Array | null> {
    const [row] = await this.#session.read(select, [id]);
    return row ? row.bytes : null;
  }
}
