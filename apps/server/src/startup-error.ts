/** Why the server can't start, as one sentence for whoever started it: printed without a stack, exit code 1. */
export class StartupError extends Error {
  override name = 'StartupError';
}
