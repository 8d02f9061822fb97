/** The local store's own note of which device it is on, for the service worker, which can't read the page's settings. */
export const deviceItem = '~device';
