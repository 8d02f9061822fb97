import type { IncomingMessage, ServerResponse } from 'node:http';
import { TidingsError } from '@tidings/api/errors';
import { isPictureId } from '@tidings/api/ids';
import { paths } from '@tidings/api/protocol';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Sessions } from '../auth/sessions.ts';
import { maxPictureBytes, type PictureService } from '../services/picture-service.ts';
import { answerJson } from './answer.ts';
import { readBody } from './request.ts';

export type PictureRoutesParts = { readonly pictures: PictureService; readonly sessions: Sessions };

/** `PUT /api/pictures` and `GET /api/pictures/<id>`, for signed-in callers. */
export function pictureRoutes({ pictures, sessions }: PictureRoutesParts) {
  const perUser = new RateLimiterMemory({ points: 30, duration: 600 });

  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const session = await sessions.ofCookie(request.headers.cookie);
    if (!session) throw new TidingsError('not-signed-in');
    const name = path.slice(paths.pictures.length + 1);
    if (request.method === 'PUT' && name === '') {
      await perUser.consume(session.userId).catch(() => {
        throw new TidingsError('too-many-requests');
      });
      const pictureId = await pictures.add(await readBody(request, maxPictureBytes));
      answerJson(response, 201, { pictureId });
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') throw new TidingsError('not-found');
    const picture = isPictureId(name) ? await pictures.get(name) : null;
    if (!picture) throw new TidingsError('not-found');
    response.writeHead(200, {
      'Content-Type': 'image/webp',
      'Content-Length': picture.byteLength,
      // Its name is the hash of its bytes. `private`: only for who is signed in.
      'Cache-Control': 'private, max-age=31536000, immutable',
    });
    response.end(request.method === 'HEAD' ? undefined : picture);
  };
}
