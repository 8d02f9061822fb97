// Every path that a document names exists: in `code`, in [links](…), and in the sequences of ```text blocks.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { main, root } from './node.mjs';

const folders = '(?:apps|packages|prisma|tests|bench|examples|infra|docs|scripts|analytics|\\.ci)';
const part = '(?:[\\w@.-]|\\[[\\w.]+\\]|\\([\\w-]+\\))+';
const named = new RegExp(`(?<![\\w/.@-])${folders}/(?:${part}/?)*`, 'g');
const linked = /\]\((?!https?:|mailto:|#)([^)#\s]+)/g;
/** Made by running something, so it isn't there in a fresh clone. */
const made =
  /^(apps\/web\/(out|\.next)|bench\/results\/|packages\/db\/src\/directory\/generated|infra\/\.env)/;

main(() => {
  const missing = documents().flatMap((document) =>
    pathsIn(document)
      .filter((path) => !made.test(path) && !existsSync(join(root, path)))
      .map((path) => `${document} names ${path}, which doesn't exist.`),
  );
  for (const line of missing) console.error(line);
  return missing.length === 0 ? 0 : 1;
});

function documents() {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z', '*.md'];
  return execFileSync('git', list, { cwd: root, encoding: 'utf8' }).split('\0').filter(existsInTree);
}

function existsInTree(path) {
  return path !== '' && existsSync(join(root, path));
}

function pathsIn(document) {
  const text = readFileSync(join(root, document), 'utf8');
  const links = [...text.matchAll(linked)].map((match) => join(dirname(document), decodeURI(match[1])));
  const names = (text.match(named) ?? []).map((path) => path.replace(/[.-]+$/, ''));
  return [...new Set([...links, ...names])];
}
