import type { DirectoryClient } from './client.ts';
import type { PrismaClient as MysqlClient } from './generated/mysql/client.ts';
import type { PrismaClient as SqliteClient } from './generated/sqlite/client.ts';
import { wordsOf } from './words.ts';

type Named = { readonly name: string; readonly username: string };

/** The rows by which a person of this name is found. */
export const wordRowsOf = ({ name, username }: Named): { word: string }[] =>
  wordsOf(`${name} ${username}`, username).map((word) => ({ word }));

/**
 * The client, so that a new user's words are written in the statement that makes the user: better-auth makes users through the
 * same client and knows nothing of words.
 */
export function withWords(client: SqliteClient | MysqlClient): DirectoryClient {
  // The two are alike in what is used here, which their types can't tell.
  const extended = (client as SqliteClient).$extends({
    query: {
      user: {
        create: ({ args, query }) =>
          query({
            ...args,
            data: { ...args.data, words: { create: wordRowsOf(args.data) } } as typeof args.data,
          }),
      },
    },
  });
  return extended as unknown as DirectoryClient;
}
