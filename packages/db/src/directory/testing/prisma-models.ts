/**
 * What Prisma makes of its models on MySQL, in lines that say one thing each, for a comparison with a real database. It knows of Prisma's
 * language what `prisma/models.prisma` uses, and throws at anything else.
 */
export type SchemaLines = {
  readonly columns: readonly string[];
  readonly indexes: readonly string[];
  readonly foreignKeys: readonly string[];
};

type Model = { readonly name: string; readonly table: string; readonly lines: readonly string[] };

export function linesOfModels(text: string): SchemaLines {
  const models = modelsIn(text);
  const tableOf = (name: string) => models.find((model) => model.name === name)?.table;
  const columns: string[] = [];
  const indexes: string[] = [];
  const foreignKeys: string[] = [];
  for (const { table, lines } of models) {
    for (const line of lines) {
      if (line.startsWith('@@')) {
        indexes.push(...indexOf(table, line));
        continue;
      }
      const { field, type, attributes } = fieldOf(line);
      const target = tableOf(type.replace(/[?[\]]/g, ''));
      if (target === undefined) {
        columns.push(`${table}.${field} ${columnOf(type, attributes)}`);
        if (/@id\b/.test(attributes)) indexes.push(`${table} PRIMARY unique (${field})`);
        if (/@unique\b/.test(attributes)) indexes.push(`${table} ${table}_${field}_key unique (${field})`);
      } else if (attributes !== '') {
        foreignKeys.push(foreignKeyOf(table, target, attributes));
      }
    }
  }
  return { columns: columns.sort(), indexes: indexes.sort(), foreignKeys: foreignKeys.sort() };
}

function modelsIn(text: string): readonly Model[] {
  return [...text.matchAll(/^model (\w+) \{\n(.*?)^\}/gms)].map(([, name = '', body = '']) => {
    const lines = body
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('//'));
    const table = matched(/@@map\("(\w+)"\)/, body);
    return { name, table, lines: lines.filter((line) => !line.startsWith('@@map')) };
  });
}

function fieldOf(line: string) {
  const [, field = '', type = '', attributes = ''] = /^(\w+)\s+(\S+)\s*(.*)$/.exec(line) ?? [];
  return { field, type, attributes };
}

function columnOf(type: string, attributes: string): string {
  const nullable = type.endsWith('?') ? 'null' : 'not null';
  const given = /@default\((.*?\)?)\)/.exec(attributes)?.[1];
  return [typeOf(type.replace('?', ''), attributes), nullable, ...defaultOf(given)].join(' ');
}

function typeOf(type: string, attributes: string): string {
  const native = /@db\.(\w+)(\(\d+\))?/.exec(attributes);
  if (native) return `${native[1]?.toLowerCase()}${native[2] ?? ''}`;
  const types: Record<string, string> = {
    String: 'varchar(191)',
    Int: 'int',
    BigInt: 'bigint',
    Boolean: 'tinyint',
    DateTime: 'datetime(3)',
  };
  const found = types[type];
  if (!found) throw new Error(`no type of MySQL is known for ${type}`);
  return found;
}

function defaultOf(given: string | undefined): readonly string[] {
  switch (given) {
    case undefined:
    case 'autoincrement()':
      return [];
    case 'now()':
      return ['default current_timestamp(3)'];
    case 'true':
      return ['default 1'];
    case 'false':
      return ['default 0'];
    default:
      return [`default ${given.replaceAll('"', "'")}`];
  }
}

function indexOf(table: string, line: string): readonly string[] {
  const [, kind, list = ''] = /^@@(id|index|unique)\(\[([\w, ]+)\]\)$/.exec(line) ?? [];
  const fields = list.split(', ');
  switch (kind) {
    case 'id':
      return [`${table} PRIMARY unique (${fields})`];
    case 'index':
      return [`${table} ${[table, ...fields].join('_')}_idx (${fields})`];
    case 'unique':
      return [`${table} ${[table, ...fields].join('_')}_key unique (${fields})`];
    default:
      throw new Error(`not understood: ${line}`);
  }
}

function foreignKeyOf(table: string, target: string, attributes: string): string {
  const field = matched(/fields: \[(\w+)\]/, attributes);
  const referenced = matched(/references: \[(\w+)\]/, attributes);
  const onDelete = matched(/onDelete: (\w+)/, attributes).toLowerCase();
  return `${table}.${field} ${table}_${field}_fkey → ${target}.${referenced} on delete ${onDelete} on update cascade`;
}

function matched(pattern: RegExp, text: string): string {
  const [, found] = pattern.exec(text) ?? [];
  if (found === undefined) throw new Error(`${pattern} isn't in ${text}`);
  return found;
}
