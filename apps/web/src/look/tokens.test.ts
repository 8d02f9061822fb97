import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** WCAG 2.2: 4.5 for words, 3 for what must be seen to use a control. */
const words = 4.5;
const marks = 3;

const pairs: [ink: string, on: string, least: number][] = [
  ...['ground', 'panel', 'raised', 'sunken', 'hover', 'selected'].flatMap(
    (surface): [string, string, number][] => [
      ['ink', surface, words],
      ['ink-soft', surface, words],
      ['accent', surface, words],
      ['focus', surface, marks],
    ],
  ),
  ...['panel', 'raised'].flatMap((surface): [string, string, number][] => [
    ['bad', surface, words],
    ['warn', surface, words],
    ['good', surface, marks],
    ['line-strong', surface, marks],
    ['badge', surface, marks],
  ]),
  ['on-accent', 'accent-fill', words],
  ['on-accent', 'accent-fill-hover', words],
  ['on-accent-soft', 'accent-soft', words],
  ['on-badge', 'badge', words],
  ['on-badge-muted', 'badge-muted', words],
  ['on-bad', 'bad-fill', words],
  ['warn', 'warn-soft', words],
  ['ink', 'warn-soft', words],
  ['bad', 'bad-soft', words],
  ['ink', 'bad-soft', words],
  ['on-bubble-own', 'bubble-own', words],
  ['bubble-own-soft', 'bubble-own', words],
  ['link-own', 'bubble-own', words],
  ['tick-read', 'bubble-own', words],
  ['on-bubble-other', 'bubble-other', words],
  ['bubble-other-soft', 'bubble-other', words],
  ['link', 'bubble-other', words],
  ['link', 'panel', words],
  ['link', 'raised', words],
  ['ink', 'highlight', words],
  ...Array.from({ length: 8 }, (_, hue) => hue).flatMap((hue): [string, string, number][] => [
    [`hue-${hue}-ink`, `hue-${hue}-soft`, words],
    [`hue-${hue}-ink`, 'bubble-other', words],
    [`hue-${hue}-ink`, 'panel', words],
  ]),
];

const colours = read();

test.each(pairs)('--%s on --%s reads in both themes', (ink, on, least) => {
  for (const theme of [0, 1] as const) {
    expect(contrast(colour(ink)[theme], colour(on)[theme])).toBeGreaterThanOrEqual(least);
  }
});

type Themes = readonly [light: string, dark: string];

function read(): ReadonlyMap<string, Themes> {
  const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
  const found = css.matchAll(/--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g);
  return new Map([...found].map(([, name, light, dark]) => [name, [light, dark]] as [string, Themes]));
}

function colour(name: string): Themes {
  const themes = colours.get(name);
  if (!themes) throw new Error(`tokens.css has no colour --${name} of both themes`);
  return themes;
}

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
