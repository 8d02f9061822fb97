import Linkify from 'linkify-react';
import type { Opts } from 'linkifyjs';
import type { ReactNode } from 'react';

/** Text with its addresses made clickable: web and mail only, and nothing of us is told to whoever is behind them. */
export default function LinkedText({
  children,
  tabIndex,
}: {
  readonly children: string;
  readonly tabIndex?: number;
}) {
  return <Linkify options={tabIndex === -1 ? unreached : reached}>{children}</Linkify>;
}

const linkOptions = (tabIndex?: number): Opts => ({
  defaultProtocol: 'https',
  validate: (value) => safe(value),
  render: ({ attributes, content }): ReactNode => (
    <a
      href={attributes.href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      dir="auto"
      tabIndex={tabIndex}
    >
      {content}
    </a>
  ),
});

const reached = linkOptions();
/** Out of the order of the Tab key: the lines of a conversation are gone through with the arrow keys. */
const unreached = linkOptions(-1);

const scheme = /^([a-z][a-z0-9+.-]*):/i;
const allowed: ReadonlySet<string> = new Set(['http', 'https', 'mailto']);
/** Characters that turn the direction of writing: with them an address can show as another than it is. */
const turning = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/;

function safe(value: string): boolean {
  if (turning.test(value)) return false;
  const found = scheme.exec(value)?.[1];
  // `localhost:8080/x` begins like a scheme; an address without one becomes https.
  return found === undefined || !value.startsWith(`${found}://`) || allowed.has(found.toLowerCase());
}
