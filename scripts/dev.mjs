// `npm run dev`: the server, started again when its sources change, and Next's development server behind it. Open the
// server's address: it passes everything that isn't its own on to WEB_DEV_URL, hot reloading's WebSocket included.
import { generate } from './generate.mjs';
import { findNode, main, run } from './node.mjs';

const webPort = process.env.WEB_DEV_PORT ?? '3100';
const web = `http://127.0.0.1:${webPort}`;

main(async () => {
  await generate();
  const next = run('next', ['dev', '--hostname', '127.0.0.1', '--port', webPort], { cwd: 'apps/web' });
  const server = run(findNode(), ['--watch', 'apps/server/src/main.ts', ...process.argv.slice(2)], {
    env: { WEB_DEV_URL: web },
  });
  const code = await Promise.race([next, server]);
  process.kill(process.pid, 'SIGTERM');
  await Promise.all([next, server]);
  return code;
});
