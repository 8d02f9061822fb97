import { type Timestamp, trustedUserId } from '@tidings/api/ids';
import type { ReportDirectory, ReportRecord } from './administration-port.ts';
import { type DirectoryClient, guarded, isTaken } from './client.ts';

export class PrismaReports implements ReportDirectory {
  readonly #client: DirectoryClient;

  constructor(client: DirectoryClient) {
    this.#client = client;
  }

  async file({ author, reporter, at, ...rest }: ReportRecord): Promise<void> {
    const data = { ...rest, authorId: author, reporterId: reporter, createdAt: new Date(at) };
    await guarded(() =>
      this.#client.report.create({ data }).catch((error: unknown) => {
        if (!isTaken(error)) throw error;
      }),
    );
  }

  async list(
    state: ReportRecord['state'],
    before: Timestamp | null,
    limit: number,
  ): Promise<readonly ReportRecord[]> {
    const where = { state, ...(before === null ? {} : { createdAt: { lt: new Date(before) } }) };
    const rows = await guarded(() =>
      this.#client.report.findMany({ where, orderBy: { createdAt: 'desc' }, take: limit }),
    );
    return rows.map(({ authorId, reporterId, createdAt, ...rest }) => ({
      ...rest,
      author: trustedUserId(authorId),
      reporter: trustedUserId(reporterId),
      at: createdAt.getTime(),
      state,
    }));
  }
}
