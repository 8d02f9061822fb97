import Linkify from 'linkify-react';
import type { Opts } from 'linkifyjs';
import type { ReactNode } from 'react';
import { isSafeAddress } from './safe-address';

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
  validate: isSafeAddress,
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
