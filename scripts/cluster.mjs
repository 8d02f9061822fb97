// `npm run cluster` and its kin: the whole cluster on this machine, without containers. It only says what comes after what;
// each service has a script of its own in infra/native, which can be used by hand as well.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildWeb } from './build.mjs';
import { generate } from './generate.mjs';
import { main, root, run, Sentence } from './node.mjs';

const engines = ['redis', 'mariadb', 'kafka', 'cassandra', 'versitygw'];
const folder = process.env.CLUSTER_DIR ?? join(root, '.cluster');

const commands = {
  /** What runs already is left alone. */
  async up(options) {
    remember(options);
    await must('install');
    await generate();
    await buildWeb();
    await all(engines, 'up');
    await must('app', 'migrate');
    await must('app', 'up');
    await must('nginx', 'up');
    await must('app', 'trim');
    const failed = await commands.status();
    await script('nginx', 'address');
    return failed;
  },

  /** In the reverse order: nobody comes in, what was accepted is finished, then the engines end. */
  async down() {
    await must('nginx', 'drain');
    await must('app', 'down');
    await must('nginx', 'down');
    await all(engines, 'down');
  },

  /** 0 when everything runs. */
  async status() {
    let failed = 0;
    for (const service of [...engines, 'app', 'nginx']) failed |= await script(service, 'status');
    return failed;
  },

  async logs({ follow }, names) {
    const files = logFiles(names);
    if (files.length === 0) throw new Sentence(`There are no logs of ${names.join(', ') || 'the cluster'}.`);
    return run('tail', ['-n', '20', ...(follow ? ['-F'] : []), ...files]);
  },

  /** Data, logs and secrets; what was chosen with options stays. */
  async wipe() {
    await all(['nginx', 'app', ...engines], 'wipe');
    rmSync(join(folder, 'secrets'), { recursive: true, force: true });
  },
};

main(async () => {
  if (process.platform !== 'linux') {
    throw new Sentence(
      'Without containers the cluster runs on Linux only. With Docker, see infra/compose.yaml.',
    );
  }
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: 'string' },
      handlers: { type: 'string' },
      'group-handlers': { type: 'string' },
      'cassandra-nodes': { type: 'string' },
      follow: { type: 'boolean', short: 'f' },
    },
  });
  const [command = 'up', ...names] = positionals;
  if (!Object.hasOwn(commands, command) || (command !== 'logs' && names.length > 0)) {
    throw new Sentence(`Say one of ${Object.keys(commands).join(', ')}, not “${positionals.join(' ')}”.`);
  }
  return commands[command](values, names);
});

function script(service, ...args) {
  return run(join(root, 'infra/native', `${service}.sh`), args, { env: { CLUSTER_DIR: folder } });
}

async function must(service, ...args) {
  if ((await script(service, ...args)) !== 0) throw new Sentence(`${service} failed; its reason is above.`);
}

/** At once; each that fails is named. */
async function all(services, command) {
  const codes = await Promise.all(services.map((service) => script(service, command)));
  const failed = services.filter((_, index) => codes[index] !== 0);
  if (failed.length > 0) throw new Sentence(`${failed.join(', ')} failed; the reasons are above.`);
}

/** So that the next `up`, and `status`, mean the same cluster. */
function remember(options) {
  const chosen = Object.entries(options)
    .filter(([, value]) => typeof value === 'string')
    .map(([name, value]) => [name.replace('-', '_').toUpperCase(), value]);
  for (const [name, value] of chosen) {
    if (!/^[1-9]\d{0,4}$/.test(value))
      throw new Sentence(`${name} must be a whole number, it is “${value}”.`);
  }
  if (chosen.length === 0) return;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'settings.env');
  const names = chosen.map(([name]) => `${name}=`);
  const kept = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const others = kept.filter((line) => line !== '' && !names.some((name) => line.startsWith(name)));
  writeFileSync(file, [...others, ...chosen.map(([name, value]) => `${name}=${value}`), ''].join('\n'));
}

function logFiles(names) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => names.length === 0 || names.includes(name))
    .map((name) => join(folder, name, 'log'))
    .filter((logs) => existsSync(logs))
    .flatMap((logs) => readdirSync(logs).map((file) => join(logs, file)))
    .filter((file) => file.endsWith('.log'));
}
