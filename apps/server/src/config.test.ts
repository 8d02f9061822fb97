import { describe, expect, test } from 'vitest';
import { readConfig } from './config.ts';

const read = (env: Record<string, string>, args: string[] = []) => readConfig(env, args, '/srv/tidings');

describe('readConfig', () => {
  test('without settings: this machine only, port 3000, ./data, everybody may sign up', () => {
    expect(read({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      dataDir: '/srv/tidings/data',
      publicUrl: null,
      signUp: 'open',
      retention: 'keep',
      trustProxy: 0,
      demo: false,
    });
  });

  test('an empty value counts as not set', () => {
    expect(read({ PORT: '', SIGN_UP: '  ' })).toMatchObject({ port: 3000, signUp: 'open' });
  });

  test('takes what is set', () => {
    const config = read(
      {
        PORT: '0',
        PUBLIC_URL: 'https://chat.example.org/',
        ALLOWED_ORIGINS: 'https://a.example, http://b.example:8080',
        OPERATORS: 'Anna, ben',
        TRUST_PROXY: '1',
        DATA_DIR: '/var/lib/tidings',
      },
      ['--demo'],
    );
    expect(config).toMatchObject({
      port: 0,
      trustProxy: 1,
      dataDir: '/var/lib/tidings',
      demo: true,
      operators: ['anna', 'ben'],
    });
    expect(config.publicUrl?.origin).toBe('https://chat.example.org');
    expect(config.allowedOrigins).toEqual(['https://a.example', 'http://b.example:8080']);
  });

  test.each([
    ['PORT', 'abc'],
    ['PORT', '70000'],
    ['PORT', '-1'],
    ['HOST', 'http://x'],
    ['PUBLIC_URL', 'chat.example.org'],
    ['PUBLIC_URL', 'https://chat.example.org/path'],
    ['ALLOWED_ORIGINS', 'https://a.example,b'],
    ['SIGN_UP', 'closed'],
    ['RETENTION', 'for ever'],
    ['LOG_LEVEL', 'loud'],
    ['TRUST_PROXY', 'yes'],
    ['OPERATORS', 'an na, ??'],
    ['METRICS', 'all'],
    ['WEB_DEV_URL', 'localhost'],
  ])('%s=%s is refused in one sentence that names both', (name, value) => {
    const sentence = sentenceOf(() => read({ [name]: value }));
    expect(sentence).toMatch(new RegExp(`^The setting ${name} must be .*\\.$`));
    expect(sentence).toContain(`“${value}”`);
    expect(sentence).not.toContain('\n');
  });

  test('an unknown option is refused', () => {
    expect(sentenceOf(() => read({}, ['--dmeo']))).toBe('There is no option “--dmeo”; there is --demo.');
  });
});

function sentenceOf(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    expect(error).toMatchObject({ name: 'StartupError' });
    return (error as Error).message;
  }
  throw new Error('it was accepted');
}
