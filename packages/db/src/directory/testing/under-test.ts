import type { AdministrationUnderTest } from '../administration-contract.ts';
import type { AssetsUnderTest } from '../asset-contract.ts';
import type { BotsUnderTest } from '../bot-contract.ts';
import type { DirectoryUnderTest } from '../contract.ts';
import type { Directory } from '../directory.ts';

/** A directory with what the contract suite needs besides: accounts and sessions, which better-auth makes elsewhere. */
export function underTest(
  directory: Directory,
): DirectoryUnderTest & AssetsUnderTest & BotsUnderTest & AdministrationUnderTest {
  const { client } = directory;
  return {
    ...directory,
    async addUser({ id, username, name }) {
      await client.user.create({
        data: { id, name, username, displayUsername: username, email: `${id}@users.invalid` },
      });
    },
    async addSession(session) {
      await client.session.create({ data: session });
    },
  };
}
