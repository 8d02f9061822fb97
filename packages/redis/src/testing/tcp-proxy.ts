import { onTestFinished } from 'vitest';
import { type Address, TcpLine } from './tcp-line.ts';

export type TcpProxy = Pick<TcpLine, 'port' | 'cut' | 'hold' | 'heal'>;

/** A line to a service of the cluster that a test can cut; it is gone when the test is over. */
export async function tcpProxy(target: Address): Promise<TcpProxy> {
  const line = await TcpLine.open(() => target);
  onTestFinished(() => line[Symbol.asyncDispose]());
  return line;
}
