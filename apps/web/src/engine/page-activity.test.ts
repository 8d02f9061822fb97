import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followPage } from './page-activity';

let time = 0;
let page: { window: EventTarget; document: EventTarget & { visibilityState: string } };

beforeEach(() => {
  time += 1_000_000;
  page = {
    window: new EventTarget(),
    document: Object.assign(new EventTarget(), { visibilityState: 'visible' }),
  };
  vi.stubGlobal('window', page.window);
  vi.stubGlobal('document', page.document);
  vi.spyOn(performance, 'now').mockImplementation(() => time);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test('a page that is looked at is open, a hidden one closed; coming back wakes the engine, once for all the events of it', () => {
  const { engine } = follow();
  expect(engine.act.mock.calls).toEqual([['open']]);
  look('hidden');
  expect(engine.act).toHaveBeenLastCalledWith('close');
  expect(engine.wake).not.toHaveBeenCalled();
  look('visible');
  page.window.dispatchEvent(new Event('focus'));
  expect(engine.act).toHaveBeenLastCalledWith('open');
  expect(engine.wake).toHaveBeenCalledTimes(1);
});

test('a network that comes or goes wakes the engine, whatever woke it a moment before', () => {
  const { engine } = follow();
  page.window.dispatchEvent(new Event('focus'));
  page.window.dispatchEvent(new Event('offline'));
  page.window.dispatchEvent(new Event('online'));
  expect(engine.wake).toHaveBeenCalledTimes(3);
});

test('PRES1 what the user does is said now and then, however much it is', () => {
  const { engine } = follow();
  for (let i = 0; i < 50; i += 1) page.window.dispatchEvent(new Event('keydown'));
  expect(engine.act.mock.calls.filter(([act]) => act === 'act')).toHaveLength(1);
  time += 11_000;
  page.window.dispatchEvent(new Event('pointerdown'));
  expect(engine.act.mock.calls.filter(([act]) => act === 'act')).toHaveLength(2);
});

test('a page that goes to sleep or away hands over, and takes part again when it wakes', () => {
  const { engine, end } = follow();
  page.document.dispatchEvent(new Event('freeze'));
  expect(engine.suspend).toHaveBeenCalledTimes(1);
  page.document.dispatchEvent(new Event('resume'));
  expect(engine.resume).toHaveBeenCalledTimes(1);
  page.window.dispatchEvent(new Event('pagehide'));
  expect(engine.act).toHaveBeenLastCalledWith('close');
  expect(engine.suspend).toHaveBeenCalledTimes(2);
  page.window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  expect(engine.resume).toHaveBeenCalledTimes(2);
  end();
  page.window.dispatchEvent(new Event('pagehide'));
  expect(engine.suspend).toHaveBeenCalledTimes(2);
});

function follow() {
  const engine = { act: vi.fn(), wake: vi.fn(), suspend: vi.fn(async () => {}), resume: vi.fn() };
  return { engine, end: followPage(engine) };
}

function look(visibilityState: 'visible' | 'hidden'): void {
  page.document.visibilityState = visibilityState;
  page.document.dispatchEvent(new Event('visibilitychange'));
}
