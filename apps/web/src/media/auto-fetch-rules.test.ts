import { afterEach, expect, test, vi } from 'vitest';
import { autoFetchRules } from './auto-fetch-rules';

const megabyte = 1024 * 1024;
afterEach(() => vi.unstubAllGlobals());

function device(connection?: { type?: string; saveData?: boolean }) {
  const kept = new Map<string, string>();
  vi.stubGlobal('navigator', connection ? { connection } : {});
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
}

test('as delivered: pictures and sound always, films and documents where it costs nothing, and nothing that is huge', () => {
  device({ type: 'cellular' });
  const rules = autoFetchRules();
  expect(rules.allows('image', megabyte)).toBe(true);
  expect(rules.allows('voice', megabyte)).toBe(true);
  expect(rules.allows('video', megabyte)).toBe(false);
  expect(rules.allows('image', 20 * megabyte)).toBe(false);
  device({ type: 'wifi' });
  expect(rules.allows('video', 20 * megabyte)).toBe(true);
  expect(rules.allows('video', 200 * megabyte)).toBe(false);
  device({ type: 'wifi', saveData: true });
  expect(rules.allows('document', megabyte)).toBe(false);
});

test('they are kept on this device, and whoever shows them hears of a change', () => {
  device();
  const rules = autoFetchRules();
  const heard = vi.fn();
  const end = rules.subscribe(heard);
  rules.set('image', 'never');
  end();
  rules.set('video', 'always');
  expect(heard).toHaveBeenCalledTimes(1);
  expect(rules.allows('image', 1)).toBe(false);
  expect(autoFetchRules().get()).toEqual({
    image: 'never',
    video: 'always',
    audio: 'always',
    document: 'unmetered',
  });
});

test('a browser that keeps nothing, or kept nonsense, gives them as delivered', () => {
  vi.stubGlobal('localStorage', {
    getItem: () => '{"image":"sometimes","video":7}',
    setItem: () => {
      throw new Error('refused');
    },
  });
  const rules = autoFetchRules();
  expect(rules.get().image).toBe('always');
  rules.set('image', 'never');
  expect(rules.get().image).toBe('never');
});
