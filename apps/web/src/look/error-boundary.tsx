'use client';

import { Component, type ReactNode } from 'react';
import { renewParts } from './part';

type ErrorBoundaryProps = {
  readonly children: ReactNode;
  /** Shown in place of what failed; `retry` tries again. */
  fallback(retry: () => void): ReactNode;
};

/** Keeps a failure (a part of the app that can't be fetched, a mistake) to the part of the screen that it happened in. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  readonly #retry = () => {
    renewParts();
    this.setState({ failed: false });
  };

  override render() {
    return this.state.failed ? this.props.fallback(this.#retry) : this.props.children;
  }
}
