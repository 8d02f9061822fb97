import { errorTable } from '@tidings/api/errors';
import { paths } from '@tidings/api/protocol';
import { problemSchema } from '@tidings/api/public-api';
import { z } from 'zod';
import { type Operation, operations } from './operations.ts';

type Json = Readonly<Record<string, unknown>>;

/** The OpenAPI 3.1 document of the public API, made from the schemas that requests are checked with. */
export function openApiDocument(): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tidings',
      version: '1',
      description:
        'For programs that act as bots. Make a bot and a key in Settings → Developer, and send the key as a Bearer token.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: paths.publicApi }],
    security: [{ key: [] }],
    paths: pathsOf(operations),
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'A key from Settings → Developer.' },
      },
      schemas: { Problem: schemaOf(problemSchema, 'output') },
      responses: {
        Problem: {
          description: `What went wrong (RFC 9457). \`code\` is one of: ${Object.keys(errorTable).join(', ')}.`,
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  };
}

function pathsOf(all: readonly Operation[]): Json {
  const byPath = Map.groupBy(all, ({ path }) => path);
  return Object.fromEntries(
    [...byPath].map(([path, own]) => [
      path,
      Object.fromEntries(own.map((each) => [each.method.toLowerCase(), operationOf(each)])),
    ]),
  );
}

function operationOf(operation: Operation): Json {
  const { id, summary, description, scope, body } = operation;
  return {
    operationId: id,
    summary,
    description: scope ? `${description} Needs the scope \`${scope}\`.` : description,
    parameters: [...parametersOf(operation), ...(operation.takesIdempotencyKey ? [idempotencyKey] : [])],
    ...(body && { requestBody: { required: true, content: { 'application/json': contentOf(body) } } }),
    responses: {
      200: {
        description: 'Done.',
        headers: rateHeaders,
        content: { 'application/json': { schema: schemaOf(operation.answer, 'output') } },
      },
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

/** The example stands beside the schema, where OpenAPI has it. */
function contentOf(body: z.ZodType): Json {
  const { example, ...schema } = schemaOf(body, 'input');
  return { schema, ...(example !== undefined && { example }) };
}

export const parametersOf = ({ path, params }: Operation): readonly Json[] =>
  Object.entries(params.shape).map(([name, schema]) => {
    const { description, ...type } = parameterSchema(schema as z.ZodType);
    const isInPath = path.includes(`{${name}}`);
    return {
      name,
      in: isInPath ? 'path' : 'query',
      required: isInPath,
      schema: type,
      ...(description !== undefined && { description }),
    };
  });

/** A number arrives as text, and is described as the number that it stands for. */
function parameterSchema(schema: z.ZodType): Json {
  const { schema: meant, ...rest } = schemaOf(schema, 'input') as Json & { schema?: Json };
  if (!meant) return rest;
  return { ...meant, ...(rest.description !== undefined && { description: rest.description }) };
}

const idempotencyKey: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  schema: { type: 'string', minLength: 1, maxLength: 200, pattern: '^[\\x21-\\x7e]+$' },
  description: 'The same for each try of one request.',
};

const rateHeaders: Json = {
  RateLimit: { description: 'What is left, and when more comes.', schema: { type: 'string' } },
  'RateLimit-Policy': {
    description: 'How many requests within how many seconds.',
    schema: { type: 'string' },
  },
};

export function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
