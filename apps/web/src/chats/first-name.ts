/** In a list a person is called by the first word of their name. */
export const firstName = (name: string): string => name.trim().split(/\s/, 1)[0] ?? name;
