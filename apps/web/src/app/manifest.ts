import type { MetadataRoute } from 'next';

export const dynamic = 'force-static';

/** What a system needs to know to install the app. The colours are `--ground` and `--panel` of the light theme. */
export default function manifest(): MetadataRoute.Manifest {
  return {
    id: '/',
    name: 'Tidings',
    short_name: 'Tidings',
    description: 'Your own messenger.',
    start_url: '/',
    scope: '/',
    display: 'standalone',
    display_override: ['standalone', 'minimal-ui'],
    launch_handler: { client_mode: 'navigate-existing' },
    background_color: '#f2f0ea',
    theme_color: '#fbfaf7',
    categories: ['social', 'communication'],
    icons: [
      { src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png' },
      { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png' },
      { src: '/icons/maskable-192.png', sizes: '192x192', type: 'image/png', purpose: 'maskable' },
      { src: '/icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ],
  };
}
