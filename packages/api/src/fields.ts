import { z } from 'zod';

/** What people fill in about themselves and their groups: one rule for the form that takes it and the server that keeps it. */

export const usernameSchema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^[a-z0-9][a-z0-9._-]{2,29}$/,
    'A username has 3 to 30 letters a–z, digits, dots, dashes or underscores.',
  );
export const displayNameSchema = z.string().trim().min(1).max(60);
export const aboutSchema = z.string().trim().max(200);

export const audienceSchema = z.enum(['everyone', 'contacts', 'nobody']);
/** Who sees it: everyone · people with whom the user has a chat · nobody. Reciprocal: who hides it doesn't see it. */
export type Audience = z.infer<typeof audienceSchema>;

export const maxGroupMembers = 1_024;
export const groupNameSchema = z.string().trim().min(1).max(100);
export const groupDescriptionSchema = z.string().trim().max(1_000);

/** What a key lets a program do: `chats`: see who its bot has chats with · `read`: messages, and mark them read · `send`: messages. */
export const scopes = ['chats', 'read', 'send'] as const;
export const scopeSchema = z.enum(scopes);
export type Scope = z.infer<typeof scopeSchema>;

export const newBotSchema = z.object({
  username: usernameSchema,
  displayName: displayNameSchema,
  about: aboutSchema.default(''),
});
export type NewBot = z.infer<typeof newBotSchema>;
