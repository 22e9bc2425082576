import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { settingsSchema } from '../../lib/settings/schema.ts';
import { completeSettings } from '../../lib/settings/settings.ts';

type Schema = z.core.JSONSchema.BaseSchema;

/** What cdk.json sets for each stage, as it is delivered. */
const { context } = JSON.parse(readFileSync(join(import.meta.dirname, '../../cdk.json'), 'utf8'));
const stages: Record<string, Record<string, unknown>> = context.zavu.stages;

/** What a table says of a setting. */
interface Row {
  name: string;
  default: string;
  range: string;
  description: string;
}

const marker = /^<!-- settings: ([\w ,]+) -->\n\n(?:(?:\|.*\n)+\n)?/gm;

/**
 * Fills the tables of docs/settings.md.
 *
 * @param page the document, in which a comment before each table names its settings: `<!-- settings: stage, canary -->`
 * @returns the document with the tables that `lib/settings/` makes
 * @throws Error if a setting is in no table or in two, or if there is no such setting
 */
export function withSettings(page: string): string {
  const rows = new Map(readRows().map((row) => [row.name, row]));
  const text = page.replace(marker, (_, names: string) => {
    const chosen = names.split(', ').map((name) => {
      const row = rows.get(name);
      if (!row) throw new Error(`docs/settings.md names ${name}, which is no setting or is in two tables.`);
      rows.delete(name);
      return row;
    });
    return `<!-- settings: ${names} -->\n\n${tableOf(chosen)}\n`;
  });
  if (rows.size === 0) return text;
  throw new Error(
    `No table of docs/settings.md has ${[...rows.keys()].join(', ')}: name it in one of the comments "<!-- settings: … -->".`,
  );
}

/** Every setting, and the stage. */
function readRows(): Row[] {
  // What is read of a value, not what `-c` takes for it: a number and not its digits.
  const { properties = {} } = z.toJSONSchema(settingsSchema, { io: 'output', unrepresentable: 'any' });
  const stage = {
    name: 'stage',
    default: '`dev`',
    range: 'any name of 1 to 40 letters, digits and hyphens',
    description:
      'Which deployment this is. It is part of the name of the stack, and can be set by `-c` alone. What a stage differs in is set under `zavu.stages` in `cdk.json`.',
  };
  const rows = Object.entries(properties).map(([name, schema]) => {
    const { description = '' } = objectOf(schema);
    return { name, default: defaultOf(name), range: rangeOf(objectOf(schema)), description };
  });
  return [stage, ...rows];
}

/** The default, and what cdk.json sets for a stage. */
function defaultOf(name: string): string {
  const defaults: Record<string, unknown> = completeSettings({});
  const ofStages = Object.entries(stages).flatMap(([stage, settings]) =>
    name in settings ? [`\`cdk.json\` sets ${textOf(settings[name])} for \`${stage}\``] : [],
  );
  return [textOf(defaults[name]), ...ofStages].join('; ');
}

function textOf(value: unknown): string {
  return value === undefined ? 'none' : `\`${String(value)}\``;
}

/** What may be set, in words. */
function rangeOf(schema: Schema): string {
  const { type, items, minimum, maximum, minLength, maxLength, minItems, maxItems } = schema;
  const choices = schema.anyOf?.map(objectOf) ?? [];
  if (choices.length > 0) return [...new Set(choices.map(rangeOf))].join(', ');
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (type === 'boolean') return '`true`, `false`';
  if (type === 'array' && items) {
    const each = rangeOf(objectOf(items as Schema));
    return maxItems === undefined
      ? `a list of ${each}`
      : `a list of ${minItems} to ${maxItems}, each ${each}`;
  }
  if (type === 'integer') return `${numberOf(minimum)} to ${numberOf(maximum)}`;
  if (schema.format === 'email') return 'an e-mail address';
  if (schema.examples) return schema.examples.map((example) => `\`${example}\``).join(', ');
  if (type === 'string' && maxLength !== undefined)
    return `a text of ${minLength} to ${maxLength} characters`;
  throw new Error(`test/docs/settings-table.ts cannot say what ${JSON.stringify(schema)} takes.`);
}

function objectOf(schema: Schema | boolean): Schema {
  return typeof schema === 'boolean' ? {} : schema;
}

/** As `-c` takes it, without separators. */
function numberOf(value: number | undefined): string {
  return value === undefined ? 'any' : String(value);
}

function tableOf(rows: readonly Row[]): string {
  const cells = [
    ['setting', 'default', 'takes', 'meaning'],
    ['---', '---', '---', '---'],
    ...rows.map((row) => [`\`${row.name}\``, row.default, row.range, row.description]),
  ];
  return cells.map((row) => `| ${row.join(' | ')} |\n`).join('');
}
