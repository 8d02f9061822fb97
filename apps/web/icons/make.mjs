// Makes the app's icons in all the sizes and shapes that systems ask for: `npm run icons -w apps/web`, after each change of mark.svg.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const mark = await readFile(here('mark.svg'), 'utf8');

/** Systems that cut a shape themselves get the whole square. */
const full = mark;
/** Where nobody cuts, the corners are ours, and the bubble fills the square. */
const rounded = mark.replace('<rect id="ground"', '<rect id="ground" rx="116"');
const close = rounded.replace(
  '<g id="mark">',
  '<g id="mark" transform="translate(256 256) scale(1.22) translate(-256 -258)">',
);
/** A badge is its outline only: what is opaque becomes one colour. */
const outline = mark
  .replace(/<rect id="ground".*\/>/, '')
  .replace('<g id="mark">', '<g id="mark" transform="translate(256 256) scale(1.6) translate(-258 -264)">')
  .replace(/<g fill="none"[\s\S]*?<\/g>/, '');

const png = (svg, size) =>
  sharp(Buffer.from(svg), { density: 300 })
    .resize(size, size)
    .png({ compressionLevel: 9, palette: size > 64 });

await png(close, 192).toFile(here('../public/icons/icon-192.png'));
await png(close, 512).toFile(here('../public/icons/icon-512.png'));
await png(full, 192).toFile(here('../public/icons/maskable-192.png'));
await png(full, 512).toFile(here('../public/icons/maskable-512.png'));
await png(outline, 96).toFile(here('../public/icons/badge-96.png'));
// Next links these two by their names.
await writeFile(here('../public/icon.svg'), close);
await png(full, 180).toFile(here('../public/apple-icon.png'));
