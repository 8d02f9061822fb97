import compile from 'icu-minify/compile';

/**
 * Compiles the messages of a catalogue when the app is built, so that no parser of them is sent to the browser: together with
 * `use-intl/format-message/format-only`, see next.config.ts.
 */
export default function wordsLoader(source) {
  return `export default ${JSON.stringify(compiled(JSON.parse(source)))};`;
}

function compiled(node) {
  if (typeof node === 'string') return compile(node);
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, compiled(value)]));
}
