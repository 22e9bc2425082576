import fc from 'fast-check';
import type * as z from 'zod/mini';
import { catalogue, type EventType } from '../../lambda/zavu/catalogue.ts';
import { sample } from '../../lambda/zavu/samples.ts';
import { jsonOf, marker, type Replacement, replacement } from './hostile-values.ts';

/** What becomes of an event's fields, by their paths: `data.content.contacts.0.name`. */
export interface Change {
  path: string;
  /** Undefined where the field is left out. */
  by: Replacement | undefined;
}

const envelopePaths = ['id', 'type', 'timestamp', 'projectId', 'senderId', 'data'];

/** Fields whose text says what they are for, and not what somebody wrote. */
const words =
  /(Id|Type|Status|status|channel|direction|currency|endReason|errorCode|from|to|phones\.0|type|id)$/;

/** Every field of a type, those of the envelope and those that hold others included. */
export function pathsOf(type: EventType): readonly string[] {
  return [...envelopePaths, ...dataPaths(type).map((path) => `data.${path}`)];
}

function dataPaths(type: EventType): string[] {
  return [...pathsIn(catalogue[type])];
}

function* pathsIn(schema: z.core.$ZodType, prefix = ''): Generator<string> {
  const { def } = schema._zod as { def: z.core.$ZodTypeDef & Inner };
  if (def.innerType) return yield* pathsIn(def.innerType, prefix);
  if (def.element) return yield* pathsIn(def.element, `${prefix}0.`);
  for (const [name, field] of Object.entries(def.shape ?? {})) {
    yield prefix + name;
    yield* pathsIn(field, `${prefix}${name}.`);
  }
}

/** What kinds of schemas hold others. */
interface Inner {
  innerType?: z.core.$ZodType;
  element?: z.core.$ZodType;
  shape?: Record<string, z.core.$ZodType>;
}

/** One to four changes of an event of a type. */
export function changesOf(type: EventType): fc.Arbitrary<Change[]> {
  const change = fc.record({
    path: fc.constantFrom(...pathsOf(type)),
    by: fc.option(replacement, { nil: undefined, freq: 12 }),
  });
  return fc.array(change, { minLength: 1, maxLength: 4 });
}

/**
 * The text of an event whose fields are changed. It has all fields of its type, and a customer's words in each that holds
 * somebody's text.
 */
export function hostileEvent(type: EventType, id: string, changes: readonly Change[]): string {
  const event: Record<string, unknown> = {
    ...JSON.parse(sample(type)),
    id,
    timestamp: Date.now() - 1_000,
    projectId: 'prj_1',
    senderId: 'snd_1',
  };
  const known = new Map(leaves(event));
  const paths = dataPaths(type);
  const hasInner = (path: string) => paths.some((other) => other.startsWith(`${path}.`));
  for (const path of paths) {
    if (hasInner(path)) continue;
    const whole = `data.${path}`;
    const said = known.get(whole);
    if (!words.test(path) && (said === undefined || typeof said === 'string')) set(event, whole, marker);
    else if (said === undefined || said === null) set(event, whole, 'word_1');
  }
  changes.forEach(({ path, by }, index) => {
    set(event, path, by && `@@${index}@@`);
  });
  return JSON.stringify(event).replace(/"@@(\d)@@"/g, (_, index) => {
    const by = changes[Number(index)]?.by;
    return by ? jsonOf(by) : 'null';
  });
}

function* leaves(value: unknown, prefix = ''): Generator<[string, unknown]> {
  if (typeof value !== 'object' || value === null) return yield [prefix, value];
  for (const [name, part] of Object.entries(value)) yield* leaves(part, prefix ? `${prefix}.${name}` : name);
}

/** Sets a field, and what holds it where that is missing or was replaced. Undefined leaves it out. */
function set(event: Record<string, unknown>, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop() ?? '';
  let holder: Record<string, unknown> = event;
  for (const [index, name] of names.entries()) {
    const inner = holder[name];
    // A change further up has replaced it.
    if (typeof inner === 'string' && inner.startsWith('@@')) return;
    if (typeof inner !== 'object' || inner === null) {
      holder[name] = (names[index + 1] ?? last) === '0' ? [] : {};
    }
    holder = Object(holder[name]);
  }
  if (value === undefined) delete holder[last];
  else holder[last] = value;
}
