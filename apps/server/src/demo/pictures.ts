import sharp from 'sharp';
import type { Look } from './people.ts';

/** A small portrait: a sky, shoulders, a head, hair. */
export function portrait({ sky, skin, hair, shirt, cut, glasses }: Look): Promise<Buffer> {
  return draw(`
    ${gradient(sky)}
    ${behind[cut] ? `<path d="${behind[cut]}" fill="${hair}"/>` : ''}
    <path d="M96 512 C96 396 176 356 256 356 C336 356 416 396 416 512 Z" fill="${shirt}"/>
    <path d="M220 310 h72 v62 a36 30 0 0 1 -72 0 Z" fill="${skin}" style="filter:brightness(.93)"/>
    <ellipse cx="256" cy="236" rx="92" ry="108" fill="${skin}"/>
    <path d="${above[cut]}" fill="${hair}"/>
    <circle cx="222" cy="244" r="9" fill="#2b2430"/><circle cx="290" cy="244" r="9" fill="#2b2430"/>
    <path d="M224 290 Q256 318 288 290" fill="none" stroke="#2b2430" stroke-width="7" stroke-linecap="round"/>
    ${glasses ? '<g fill="none" stroke="#2b2430" stroke-width="7"><circle cx="220" cy="246" r="29"/><circle cx="292" cy="246" r="29"/><path d="M249 242 h14"/></g>' : ''}
  `);
}

const above: Record<Look['cut'], string> = {
  short:
    'M160 232 C152 140 204 108 262 110 C330 112 362 158 352 232 C338 204 330 186 318 176 C272 192 214 186 190 176 C176 190 168 208 160 232 Z',
  long: 'M156 250 C140 150 196 104 258 106 C322 106 372 152 356 250 C350 208 330 178 300 162 C270 190 196 196 172 206 C164 220 160 234 156 250 Z',
  bun: 'M158 236 C150 146 206 112 256 112 C308 112 362 146 354 236 C340 190 310 166 256 166 C202 166 172 190 158 236 Z M256 118 m-46 -22 a46 42 0 1 1 92 0 a46 42 0 1 1 -92 0 Z',
  curls:
    'M150 240 a40 40 0 0 1 10 -66 a46 46 0 0 1 52 -54 a50 50 0 0 1 86 0 a46 46 0 0 1 52 54 a40 40 0 0 1 12 66 C348 206 330 184 308 176 C276 190 236 190 204 176 C182 186 164 208 150 240 Z',
};

const behind: Partial<Record<Look['cut'], string>> = {
  long: 'M146 240 C136 140 196 98 258 98 C324 98 378 144 366 240 C362 320 384 372 374 404 H138 C128 372 150 320 146 240 Z',
};

/** Icons of the groups: one scene each. */
export const scenes = {
  mountains: `
    ${gradient(['#a9d6e5', '#2c7da0'])}
    <circle cx="372" cy="136" r="52" fill="#ffd166"/>
    <path d="M0 430 L150 190 L262 360 L340 250 L512 470 V512 H0 Z" fill="#2d6a4f"/>
    <path d="M150 190 L112 250 L148 236 L172 262 L192 254 Z" fill="#f8f9fa"/>
    <path d="M0 470 Q128 410 256 456 T512 440 V512 H0 Z" fill="#1b4332"/>`,
  house: `
    ${gradient(['#ffe8d6', '#e5989b'])}
    <path d="M96 268 L256 128 L416 268 Z" fill="#9b2226"/>
    <path d="M134 256 H378 V420 H134 Z" fill="#fdf0d5"/>
    <path d="M226 420 V326 a30 30 0 0 1 60 0 V420 Z" fill="#7f5539"/>
    <path d="M160 290 h46 v46 h-46 Z M306 290 h46 v46 h-46 Z" fill="#8ecae6"/>
    <path d="M0 420 H512 V512 H0 Z" fill="#588157"/>`,
  lamp: `
    ${gradient(['#3a0ca3', '#1d1135'])}
    <circle cx="256" cy="226" r="150" fill="#ffd166" opacity=".18"/>
    <circle cx="256" cy="222" r="98" fill="#ffd166"/>
    <path d="M212 300 h88 l-10 60 h-68 Z" fill="#ffe29a"/>
    <path d="M224 368 h64 M228 392 h56 M240 414 h32" stroke="#adb5bd" stroke-width="16" stroke-linecap="round"/>`,
  book: `
    ${gradient(['#84a98c', '#354f52'])}
    <path d="M256 176 C210 136 140 132 88 148 V376 C140 360 210 364 256 404 Z" fill="#fefae0"/>
    <path d="M256 176 C302 136 372 132 424 148 V376 C372 360 302 364 256 404 Z" fill="#faedcd"/>
    <path d="M124 200 q52 -12 100 16 M124 248 q52 -12 100 16 M124 296 q52 -12 100 16 M388 200 q-52 -12 -100 16 M388 248 q-52 -12 -100 16 M388 296 q-52 -12 -100 16" fill="none" stroke="#a98467" stroke-width="9" stroke-linecap="round"/>`,
} as const;

export const scene = (name: keyof typeof scenes): Promise<Buffer> => draw(scenes[name]);

function gradient([from, to]: readonly [string, string]): string {
  return `<defs><linearGradient id="sky" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient></defs><rect width="512" height="512" fill="url(#sky)"/>`;
}

function draw(shapes: string): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 512 512">${shapes}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}
