// `npm test`: every stage, even after one that failed, and at the end one line that counts them all.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildWeb } from './build.mjs';
import { provideChromium } from './chromium.mjs';
import { holdEngines } from './engines.mjs';
import { generate } from './generate.mjs';
import { findNode, main, root, run, Sentence } from './node.mjs';

const stages = [
  { name: 'unit', run: vitest },
  { name: 'simulation', folder: 'tests/simulation', run: vitest },
  { name: 'public-api', folder: 'tests/public-api', run: vitest },
  { name: 'nemesis', folder: 'tests/nemesis', run: vitest },
  { name: 'e2e', folder: 'tests/e2e', run: playwright('playwright.config.ts') },
];
/** Last, one after the other on the same engines, which take their share of a small machine for as long as they run. */
const stagesOnEngines = [
  { name: 'cluster', run: vitest },
  { name: 'analytics', folder: 'tests/analytics', run: vitest },
  { name: 'e2e-cluster', folder: 'tests/e2e', run: playwright('playwright.cluster.config.ts') },
];
const results = 'test-results/reports';

/** Ctrl-C ends the stage that runs (`run` passes it on) and leaves the others out; what was started is ended all the same. */
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (interrupted = true));

main(async () => {
  findNode();
  await generate();
  rmSync(join(root, results), { recursive: true, force: true });
  mkdirSync(join(root, results), { recursive: true });

  const total = { passed: 0, failed: 0, skipped: 0 };
  await runAll(stages, total);
  if (!interrupted) await runOnEngines(stagesOnEngines, total);
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
  return interrupted || total.failed > 0 || total.passed === 0 ? 1 : 0;
});

async function runOnEngines(these, total) {
  const engines = await holdEngines();
  try {
    await runAll(these, total, engines.env);
  } finally {
    await engines.release();
  }
}

async function runAll(these, total, env = {}) {
  for (const stage of these) {
    if (interrupted || (stage.folder && !hasTests(stage.folder))) continue;
    console.log(`\n── ${stage.name}`);
    const counts = await countsOf(stage, env);
    for (const key of Object.keys(total)) total[key] += counts[key];
  }
}

function hasTests(folder) {
  if (!existsSync(join(root, folder))) return false;
  return readdirSync(join(root, folder), { recursive: true }).some((name) => name.endsWith('.test.ts'));
}

/** A stage that ends badly without naming a failed test, or without a report, counts as one failure. */
async function countsOf(stage, env) {
  try {
    const report = join(root, results, `${stage.name}.json`);
    const { code, count } = await stage.run(stage.name, report, env);
    const counts = existsSync(report) ? count(JSON.parse(readFileSync(report, 'utf8'))) : nothing;
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } catch (error) {
    if (!(error instanceof Sentence)) throw error;
    console.error(error.message);
    return { ...nothing, failed: 1 };
  }
}

const nothing = { passed: 0, failed: 0, skipped: 0 };

async function vitest(project, report, env) {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await run('vitest', ['run', '--project', project, ...reporters], { env });
  return { code, count: countVitest };
}

function countVitest({ numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults }) {
  const brokenFiles = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests + brokenFiles.length,
    skipped: numPendingTests + numTodoTests,
  };
}

function playwright(config) {
  return async (_, report, env) => {
    await provideChromium();
    await buildWeb();
    const code = await run('playwright', ['test', '--config', config, '--reporter=list,json'], {
      env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
    });
    return { code, count: countPlaywright };
  };
}

function countPlaywright({ stats, errors }) {
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + errors.length,
    skipped: stats.skipped,
  };
}
