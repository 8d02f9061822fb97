import { type AssetId, assetId, type ConversationId, seq } from '@tidings/api/ids';
import type { Caller } from '@tidings/api/trpc';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { someClientId, World } from '../testing/world.ts';
import { bring } from '../testing/world-assets.ts';

let world: World;
let ann: Caller;
let bob: Caller;
let eve: Caller;
let chat: ConversationId;

beforeEach(async () => {
  world = await World.start();
  [ann, bob, eve] = await world.people('ann', 'bob', 'eve');
  chat = await world.direct(ann, bob);
});
afterEach(() => world[Symbol.asyncDispose]());

const nowhere = assetId('n'.repeat(43));
const linked = async (caller: Caller, conversation: ConversationId, asset: AssetId) =>
  (await world.do(world.services().assets.links(caller, conversation, [asset]))).length === 1;
const references = (asset: AssetId, conversation = chat) =>
  world.do(world.ports.assetReferences.find([asset], [conversation]));

describe('ASSET4 who may send what', () => {
  test('what is not there is missing, and nothing is appended', async () => {
    const before = (await world.log(ann, chat)).length;
    expect(await world.send(ann, chat, { assets: [nowhere] })).toMatchObject({ error: 'asset-missing' });
    const asset = await bring(world, ann);
    expect(await world.send(ann, chat, { assets: [asset, nowhere] })).toMatchObject({
      error: 'asset-missing',
    });
    expect((await world.log(ann, chat)).length).toBe(before);
    expect(await references(asset)).toEqual([]);
  });
  test('what was offered and never brought is missing', async () => {
    const offered = { id: nowhere, check: 'c'.repeat(86), bytes: 10 };
    await world.do(world.services().assets.offer(ann, [offered]));
    expect(await world.send(ann, chat, { assets: [nowhere] })).toMatchObject({ error: 'asset-missing' });
  });
  test('what somebody else brought is missing for who only knows its name', async () => {
    const asset = await bring(world, ann);
    await world.sent(ann, chat, { assets: [asset] });
    const theirs = await world.direct(eve, ann);
    expect(await world.send(eve, theirs, { assets: [asset] })).toMatchObject({ error: 'asset-missing' });
  });
  test('what came to a reader may be forwarded, until they may not read it any more', async () => {
    const asset = await bring(world, ann);
    const position = await world.sent(ann, chat, { assets: [asset] });
    await world.settle();
    const theirs = await world.direct(bob, eve);
    await world.sent(bob, theirs, { assets: [asset] });
    expect(await linked(eve, theirs, asset)).toBe(true);
    await world.settle();
    await world.sent(ann, chat, { kind: 'delete', target: position, content: '' });
    // Theirs still carries it: one forwards what one has.
    await world.sent(eve, await world.direct(eve, ann), { assets: [asset] });
  });
  test('INV8 a removed member forwards nothing that was sent after', async () => {
    const group = await world.group(ann, bob);
    await world.do(world.services().groups.remove(ann, group, bob.userId));
    const asset = await bring(world, ann);
    await world.sent(ann, group, { assets: [asset] });
    await world.settle();
    expect(await world.send(bob, chat, { assets: [asset] })).toMatchObject({ error: 'asset-missing' });
  });
  test('assets are of messages: edits, deletions and reactions with them are no input', async () => {
    const asset = await bring(world, ann);
    const target = await world.sent(ann, chat);
    for (const kind of ['edit', 'reaction'] as const)
      expect(await world.send(ann, chat, { kind, target, assets: [asset] })).toMatchObject({
        error: 'bad-input',
      });
  });
});

describe('SEND4 the order of sends', () => {
  test('nothing behind a message whose asset is missing is appended, and what stands before it is', async () => {
    const message = (content: string, assets?: AssetId[]) => ({
      conversationId: chat,
      clientId: someClientId(),
      kind: 'message' as const,
      content,
      ...(assets ? { assets } : {}),
    });
    const results = await world.sendAll(ann, [
      message('first'),
      message('second', [nowhere]),
      message('third'),
    ]);
    expect(results).toMatchObject([
      { seq: expect.any(Number) },
      { error: 'asset-missing' },
      { error: 'asset-missing' },
    ]);
    expect((await world.log(ann, chat)).map(({ content }) => content)).toEqual(['first']);
  });
});

describe('a message without assets', () => {
  test('asks the directory nothing about them', async () => {
    const { assets, assetReferences } = world.ports;
    const asked = [
      ...(['stored', 'claim', 'claimsOf', 'usage'] as const).map((name) => vi.spyOn(assets, name)),
      ...(['announce', 'settle', 'find', 'giveUp', 'dropAt'] as const).map((name) =>
        vi.spyOn(assetReferences, name),
      ),
    ].map((spy) => () => spy.mock.calls.length);
    await world.sent(ann, chat);
    await world.settle();
    expect(asked.map((calls) => calls())).toEqual(asked.map(() => 0));
    await world.sent(ann, chat, { assets: [await bring(world, ann)] });
    expect(asked.some((calls) => calls() > 0)).toBe(true);
  });
});

describe('what a crash leaves open', () => {
  test('is there for readers at once: who looks for it settles it', async () => {
    const asset = await bring(world, ann);
    const settle = vi
      .spyOn(world.ports.assetReferences, 'settle')
      .mockRejectedValueOnce(new Error('crashed'));
    const position = await world.sent(ann, chat, { assets: [asset] });
    await world.settle();
    expect(await references(asset)).toMatchObject([{ seq: null }]);
    expect(await linked(bob, chat, asset)).toBe(true);
    expect(await references(asset)).toMatchObject([{ seq: position }]);
    expect(settle).toHaveBeenCalledTimes(2);
  });
  test('SEND2 is settled by the retry', async () => {
    const asset = await bring(world, ann);
    const clientId = someClientId();
    vi.spyOn(world.ports.assetReferences, 'settle').mockRejectedValueOnce(new Error('crashed'));
    const position = await world.sent(ann, chat, { clientId, assets: [asset] });
    const again = await world.startServer();
    const retry = { conversationId: chat, clientId, kind: 'message' as const, content: 'hello' };
    const results = await world.do(
      again.services.messages.send(ann, [{ ...retry, assets: [asset], retrySince: seq(0) }]),
    );
    expect(results).toMatchObject([{ seq: position, again: true }]);
    await world.settle();
    expect(await references(asset)).toMatchObject([{ seq: position }]);
  });
  test('is nobody’s when the message was deleted before it was settled', async () => {
    const asset = await bring(world, ann);
    vi.spyOn(world.ports.assetReferences, 'settle').mockRejectedValueOnce(new Error('crashed'));
    const target = await world.sent(ann, chat, { assets: [asset] });
    await world.settle();
    await world.sent(ann, chat, { kind: 'delete', target, content: '' });
    expect(await linked(bob, chat, asset)).toBe(false);
    expect(await references(asset)).toEqual([]);
  });
});

describe('LOG7 a deletion', () => {
  test('is not answered before what the message carried is let go of', async () => {
    const asset = await bring(world, ann);
    const target = await world.sent(ann, chat, { assets: [asset] });
    await world.settle();
    const dropAt = vi
      .spyOn(world.ports.assetReferences, 'dropAt')
      .mockRejectedValueOnce(new Error('the directory is away'));
    expect(await world.send(ann, chat, { kind: 'delete', target, content: '' })).toMatchObject({
      error: 'unavailable',
    });
    await world.pass(2_000);
    expect(dropAt.mock.calls.length).toBeGreaterThan(1);
    expect(await references(asset)).toEqual([]);
  });
});
