// Makes the Prisma clients that packages/db uses, one for each kind of directory, from prisma/models.prisma.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeIfChanged } from './fingerprint.mjs';
import { main, must, root } from './node.mjs';

const providers = ['sqlite', 'mysql'];
const generated = 'packages/db/src/directory/generated';

/** Makes the clients again if the models have changed since the last time. */
export async function generate() {
  await makeIfChanged({
    name: 'generate',
    inputs: [
      'prisma/models.prisma',
      ...providers.map((p) => `prisma/${p}/schema.prisma`),
      'prisma.config.ts',
      'package-lock.json',
    ],
    output: `${generated}/${providers.at(-1)}/client.ts`,
    make: async () => {
      for (const provider of providers) await generateFor(provider);
    },
  });
}

async function generateFor(provider) {
  writeFileSync(join(root, 'prisma', provider, 'models.prisma'), modelsFor(provider));
  rmSync(join(root, generated, provider), { recursive: true, force: true });
  await must('Generating the Prisma client', 'prisma', ['generate'], {
    env: { TIDINGS_PRISMA: provider },
    quiet: true,
  });
}

/** SQLite knows no column types such as VARCHAR(2048), so the models name MySQL's in a trailing comment. */
function modelsFor(provider) {
  const models = readFileSync(join(root, 'prisma', 'models.prisma'), 'utf8');
  return models.replaceAll(/ *\/\/ mysql: (.*)$/gm, provider === 'mysql' ? ' $1' : '');
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) main(generate);
