import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mutations } from './list.ts';

const root = join(import.meta.dirname, '../..');

test.each(mutations.map((mutation) => [mutation.name, mutation] as const))(
  '%s: still applies',
  (_, { file, find, replace }) => {
    const found = readFileSync(join(root, file), 'utf8').split(find).length - 1;
    expect(found, `“${find}” stands in ${file}`).toBe(1);
    expect(replace).not.toBe(find);
  },
);
