import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import '../tokens.css';

export const metadata: Metadata = { title: 'Tidings', description: 'Your own messenger.' };

export const viewport: Viewport = { width: 'device-width', initialScale: 1, viewportFit: 'cover' };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <body>{children}</body>
    </html>
  );
}
