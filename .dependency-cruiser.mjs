// The arrows of ARCHITECTURE.md: web → client → api ← server → db, bus.
const test = '\\.test\\.tsx?$|/contract\\.ts$|-contract\\.ts$|/testing/';
const adapters = '^packages/((db|bus)/src/[^/]+|redis/src)/';
const notAdapters = '(/|/bot-)(port|contract|types|migrate)\\.ts$';
const drivers =
  'node_modules/(better-sqlite3|@prisma/.*|ioredis|kafkajs|cassandra-driver|@aws-sdk/.*|mysql2|mariadb)/';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'Two modules that need each other are one, or share a third. (Types may point both ways.)',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolves', // `@/…` is the web app's own folder, and the other is types only; the compiler resolves both.
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(@/|topojson-specification$)' },
    },
    {
      name: 'api-needs-nobody',
      severity: 'error',
      from: { path: '^packages/api/' },
      to: { path: '^(apps|packages/(?!api/)|tests|bench|examples)' },
    },
    {
      name: 'client-needs-api',
      severity: 'error',
      from: { path: '^packages/client/', pathNot: test },
      to: { path: '^(apps|packages/(?!(api|client)/)|tests|bench|examples)' },
    },
    {
      name: 'web-needs-client-and-api',
      severity: 'error',
      from: { path: '^apps/web/' },
      to: { path: '^(apps/(?!web/)|packages/(db|bus|redis)/|tests|bench|examples)' },
    },
    {
      name: 'pages-start-without-schemas',
      severity: 'error',
      comment:
        'Schemas and routers stay on the server, but for those of forms, which are fetched when wanted (ADR 14).',
      from: { path: '^(packages/client|apps/web)/', pathNot: test },
      to: {
        path: '^packages/api/',
        pathNot: '^packages/api/src/(ids|content|media|entry|errors|clock|protocol|auth|fields)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'server-needs-api-db-bus',
      severity: 'error',
      comment: 'The client engine is for tests of the server only.',
      from: { path: '^apps/server/', pathNot: test },
      to: { path: '^(apps/(?!server/)|packages/client/|tests|bench|examples)' },
    },
    {
      name: 'stores-need-ids-and-events',
      severity: 'error',
      comment: 'db and bus take ids, events, the shape of an entry and types from api; nothing that runs.',
      from: { path: '^packages/(db|bus|redis)/', pathNot: test },
      to: {
        path: '^packages/api/',
        pathNot: '^packages/api/src/(ids|events|entry|errors|clock)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'stores-know-no-wire',
      severity: 'error',
      from: { path: '^packages/(db|bus|redis)/' },
      to: { path: '^packages/api/src/(router|trpc|services)\\.ts$' },
    },
    {
      name: 'stores-are-apart',
      severity: 'error',
      comment: 'What both need of Redis is in a package of its own.',
      from: { path: '^packages/(db|bus|redis)/' },
      to: { path: '^(apps|packages/(?!(api|redis|$1)/)|tests|bench|examples)' },
    },
    {
      name: 'only-profiles-choose-adapters',
      severity: 'error',
      from: { path: '^apps/server/src/(?!profiles/)', pathNot: test },
      to: { path: adapters, pathNot: notAdapters },
    },
    {
      name: 'only-adapters-know-drivers',
      severity: 'error',
      from: {
        path: '^(apps|packages)/',
        pathNot: `${test}|^apps/server/src/profiles/|^packages/(db|bus|redis)/`,
      },
      to: { path: drivers },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(generated|\\.next|out)/|next-env' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.css'],
    },
  },
};
