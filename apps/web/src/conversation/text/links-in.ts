import { find } from 'linkifyjs';
import { isSafeAddress } from './safe-address';

/** The web addresses in a text, as one can go to them. */
export const linksIn = (text: string): readonly string[] =>
  find(text, 'url', { defaultProtocol: 'https' })
    .filter(({ value, href }) => isSafeAddress(value) && isSafeAddress(href))
    .map(({ href }) => href);
