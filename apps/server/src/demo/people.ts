/** Who lives in the demonstration. `look` is what their portrait is drawn from. */
export type Person = {
  readonly username: string;
  readonly displayName: string;
  readonly about: string;
  readonly look: Look;
};

export type Look = {
  readonly sky: readonly [string, string];
  readonly skin: string;
  readonly hair: string;
  readonly shirt: string;
  readonly cut: 'short' | 'long' | 'bun' | 'curls';
  readonly glasses?: true;
};

export const people = {
  anna: {
    username: 'anna',
    displayName: 'Anna Keller',
    about: 'Architect by day, hiker by weekend 🏔️',
    look: { sky: ['#7dd3c0', '#2f8f9d'], skin: '#f0c9a8', hair: '#5b3a29', shirt: '#f4a259', cut: 'long' },
  },
  ben: {
    username: 'ben',
    displayName: 'Ben Okafor',
    about: 'Building things that hold. Coffee first.',
    look: {
      sky: ['#ffd08a', '#e07a5f'],
      skin: '#8d5a3b',
      hair: '#1f1a17',
      shirt: '#3d5a80',
      cut: 'short',
      glasses: true,
    },
  },
  chloe: {
    username: 'chloe',
    displayName: 'Chloé Martin',
    about: 'Illustration, ink, too many plants',
    look: { sky: ['#f7b2d9', '#9d6bce'], skin: '#f3d3bd', hair: '#c8553d', shirt: '#2a9d8f', cut: 'curls' },
  },
  deniz: {
    username: 'deniz',
    displayName: 'Deniz Yılmaz',
    about: 'If it is slow, I want to know why.',
    look: { sky: ['#a0c4ff', '#4361ee'], skin: '#d9a679', hair: '#2b2118', shirt: '#ffb703', cut: 'short' },
  },
  emma: {
    username: 'emma',
    displayName: 'Emma Lindqvist',
    about: 'Reading: always. Replying: eventually.',
    look: {
      sky: ['#d8f3dc', '#52b788'],
      skin: '#f6dcc6',
      hair: '#e9c46a',
      shirt: '#6d597a',
      cut: 'bun',
      glasses: true,
    },
  },
  felix: {
    username: 'felix',
    displayName: 'Felix Keller',
    about: 'Annas kleiner Bruder. Immer noch größer als sie.',
    look: { sky: ['#ffe5b4', '#f4978e'], skin: '#f0c9a8', hair: '#6b4226', shirt: '#457b9d', cut: 'curls' },
  },
  grace: {
    username: 'grace',
    displayName: 'Grace Chen',
    about: 'Product at Studio Lumen',
    look: { sky: ['#cdb4db', '#6a4c93'], skin: '#f1cfa6', hair: '#17141a', shirt: '#e63946', cut: 'long' },
  },
  ingrid: {
    username: 'ingrid',
    displayName: 'Ingrid Keller',
    about: 'Oma, Gärtnerin, Kreuzworträtsel',
    look: {
      sky: ['#fefae0', '#d4a373'],
      skin: '#f2cdb4',
      hair: '#d9d9d9',
      shirt: '#8338ec',
      cut: 'bun',
      glasses: true,
    },
  },
} as const satisfies Record<string, Person>;

export type Name = keyof typeof people;
