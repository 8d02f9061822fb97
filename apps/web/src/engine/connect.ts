import type { Engine } from '@tidings/client/engine-port';
import type { LocalStore } from '@tidings/client/local-store';
import type { Self } from './client';

export function connect(_self: Self, _store: LocalStore): Engine {
  throw new Error('not yet');
}
