import { accountRouter } from './account.ts';
import { adminRouter } from './admin.ts';
import { assetRouter } from './asset.ts';
import { conversationRouter, groupRouter } from './conversation.ts';
import { developerRouter } from './developer.ts';
import { deviceRouter } from './device.ts';
import { inviteRouter } from './invite.ts';
import { messageRouter } from './message.ts';
import { presenceRouter } from './presence.ts';
import { receiptRouter } from './receipt.ts';
import { reportRouter } from './report.ts';
import { syncRouter } from './sync.ts';
import { createCallerFactory, router } from './trpc.ts';
import { userRouter } from './user.ts';

/** Every procedure of the wire. */
export const appRouter = router({
  sync: syncRouter,
  message: messageRouter,
  receipt: receiptRouter,
  conversation: conversationRouter,
  group: groupRouter,
  user: userRouter,
  device: deviceRouter,
  presence: presenceRouter,
  account: accountRouter,
  invite: inviteRouter,
  asset: assetRouter,
  developer: developerRouter,
  report: reportRouter,
  admin: adminRouter,
});
export type AppRouter = typeof appRouter;

/** Calls procedures in process, with the same checks as over the wire. */
export const createCaller = createCallerFactory(appRouter);
