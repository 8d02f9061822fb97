'use client';

import { useEffect } from 'react';

/**
 * Next announces new pages in an element of role `alert`, also when it is empty. Alerts here are for what went wrong: its
 * announcer becomes a polite one. Whichever of us comes first makes it; Next takes one that it finds.
 */
export function QuietAnnouncer() {
  useEffect(() => {
    const node = announcer() ?? makeAnnouncer();
    node.removeAttribute('role');
    node.setAttribute('aria-live', 'polite');
  }, []);
  return null;
}

const name = 'next-route-announcer';

function announcer(): Element | null {
  const child = document.getElementsByTagName(name)[0]?.shadowRoot?.childNodes[0];
  return child instanceof Element ? child : null;
}

function makeAnnouncer(): Element {
  const host = document.createElement(name);
  host.setAttribute('name', name);
  host.style.cssText = 'position:absolute';
  const node = document.createElement('div');
  node.id = '__next-route-announcer__';
  node.style.cssText =
    'position:absolute;border:0;height:1px;margin:-1px;padding:0;width:1px;clip-path:inset(50%);overflow:hidden;white-space:nowrap';
  host.attachShadow({ mode: 'open' }).appendChild(node);
  document.body.appendChild(host);
  return node;
}
