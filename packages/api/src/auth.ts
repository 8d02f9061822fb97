import { z } from 'zod';
import { displayNameSchema, usernameSchema } from './fields.ts';
import { deviceIdSchema } from './id-schemas.ts';

/**
 * Signing up, in and out is plain HTTP with JSON, since it sets and clears an HttpOnly cookie:
 *
 * - `POST /api/auth/sign-up`   {@link signUpSchema} → 200 {@link SignedIn}
 * - `POST /api/auth/sign-in`   {@link signInSchema} → 200 {@link SignedIn}
 * - `POST /api/auth/sign-out`  → 204
 * - `POST /api/auth/reset`     {@link passwordResetSchema} → 204; `reset-invalid` for a code that was used, replaced, or is a day old
 * - `POST /api/auth/password`  {@link passwordChangeSchema} → 204; ends all other sessions
 * - `GET  /api/auth/session`   → 200 {@link SignedIn} or 401
 * - `GET  /api/auth/policy`    → 200 {@link SignUpPolicy}
 *
 * Failures carry `{ error: { code, message, retryAfterMs? } }` with a code of `errors.ts`.
 * Pictures: `PUT /api/pictures` with the image as body (JPEG, PNG, WebP, GIF or AVIF, ≤ 5 MiB) → 201 `{ pictureId }`;
 * `GET /api/pictures/<id>` for signed-in callers, immutable.
 */
export const passwordSchema = z.string().min(8).max(200);

const device = {
  deviceId: deviceIdSchema.optional(),
  deviceName: z.string().trim().min(1).max(60).optional(),
};

export const signUpSchema = z.object({
  username: usernameSchema,
  displayName: displayNameSchema,
  password: passwordSchema,
  invite: z.string().max(64).optional(),
  ...device,
});
export type SignUp = z.infer<typeof signUpSchema>;

export const signInSchema = z.object({
  username: z.string().trim().toLowerCase().min(1).max(60),
  password: z.string().min(1).max(200),
  ...device,
});
export type SignIn = z.infer<typeof signInSchema>;

export const passwordChangeSchema = z.object({ current: z.string().min(1).max(200), next: passwordSchema });
export type PasswordChange = z.infer<typeof passwordChangeSchema>;

export const passwordResetSchema = z.object({ code: z.string().min(1).max(64), next: passwordSchema });
export type PasswordReset = z.infer<typeof passwordResetSchema>;

export type SignedIn = {
  readonly userId: string;
  readonly username: string;
  readonly displayName: string;
  readonly sessionId: string;
};
export type SignUpPolicy = { readonly signUp: 'open' | 'invite' };
