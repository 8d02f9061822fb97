import { StartupError } from '../startup-error.ts';

/** What was opened; or, as one sentence, which engine it was that couldn't be, where, and why. Passwords in addresses aren't told. */
export async function reached<T>(
  engine: string,
  addresses: readonly string[],
  opening: Promise<T>,
): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    const where = addresses.map(withoutPassword).join(', ');
    throw new StartupError(`${engine} at ${where} can't be used: ${reasonOf(error)}.`, { cause: error });
  }
}

const withoutPassword = (address: string): string =>
  address.includes('://') ? new URL(address).host : address;

function reasonOf(error: unknown): string {
  const deepest = (one: unknown): unknown => (one instanceof Error && one.cause ? deepest(one.cause) : one);
  const reason = deepest(error);
  const text = reason instanceof Error ? reason.message : String(reason);
  return text.replace(/\s+/g, ' ').replace(/\.$/, '');
}
