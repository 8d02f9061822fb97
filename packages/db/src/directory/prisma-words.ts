import type { DirectoryClient } from './client.ts';
import type { PrismaClient as MysqlClient } from './generated/mysql/client.ts';
import type { PrismaClient as SqliteClient } from './generated/sqlite/client.ts';
import { afterPrefix, fold, wordsOf } from './words.ts';

type Named = { readonly name: string; readonly username: string };

/** The rows by which a person of this name is found. */
export const wordRowsOf = ({ name, username }: Named): { word: string }[] =>
  wordsOf(`${name} ${username}`, username).map((word) => ({ word }));

/** Those of whose words each word of the query begins one; `null` for a query without words. */
export function foundBy(query: string) {
  const words = fold(query)
    .trim()
    .split(/\s+/)
    .filter(Boolean)
    .flatMap((word) => (word.includes('.') ? [word] : wordsOf(word)));
  if (words.length === 0) return null;
  return { AND: words.map((word) => ({ words: { some: { word: { gte: word, lt: afterPrefix(word) } } } })) };
}

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
