import { hash, verify } from '@node-rs/argon2';
import pLimit from 'p-limit';

/**
 * argon2id with OWASP's first choice of parameters (19 MiB, two passes): about 20 ms of one core. It runs on libuv's threads, at
 * most two at once, so that a flood of sign-ins takes neither the event loop nor the threads that files need.
 */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const atMostTwo = pLimit(2);

export type Passwords = {
  hash(password: string): Promise<string>;
  /** False for a wrong password and for a hash that can't be read. */
  verify(attempt: { readonly hash: string; readonly password: string }): Promise<boolean>;
};

export const argon2id: Passwords = {
  hash: (password) => atMostTwo(() => hash(password, cost)),
  verify: (attempt) => atMostTwo(() => verify(attempt.hash, attempt.password).catch(() => false)),
};
