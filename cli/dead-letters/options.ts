import { parseArgs } from 'node:util';
import { type DeploymentChoice, deploymentOptions } from '../shared/deployment.ts';
import { type Filter, isOpen, parseSince } from './filter.ts';
import type { Kind } from './redrive-source.ts';
import { UsageError } from './usage-error.ts';

const options = {
  ...deploymentOptions,
  worker: { type: 'string', multiple: true },
  type: { type: 'string', multiple: true },
  reason: { type: 'string', multiple: true },
  error: { type: 'string', multiple: true },
  id: { type: 'string', multiple: true },
  since: { type: 'string' },
  limit: { type: 'string' },
  help: { type: 'boolean' },
  details: { type: 'boolean' },
  reveal: { type: 'boolean' },
  json: { type: 'boolean' },
  all: { type: 'boolean' },
  rate: { type: 'string' },
  'dry-run': { type: 'boolean' },
  yes: { type: 'boolean' },
  export: { type: 'string' },
} as const;
type Option = keyof typeof options;

/** What each verb takes beside a deployment and a filter. */
const own = {
  list: ['details', 'reveal', 'json'],
  show: ['reveal', 'json'],
  redrive: ['all', 'rate', 'dry-run'],
  discard: ['all', 'yes', 'dry-run', 'export'],
  export: [],
} as const satisfies Record<string, readonly Option[]>;
export type Verb = keyof typeof own;

const common: readonly Option[] = [
  'stage',
  'profile',
  'region',
  'worker',
  'type',
  'reason',
  'error',
  'id',
  'since',
  'limit',
  'help',
];

/** Nothing has failed at an unrouted event. */
const ofDeadLetters: readonly Option[] = ['error'];

/** The most letters of a queue that are looked at: SQS lets 120,000 be in flight, which leaves some to others. */
const mostLetters = 100_000;
/** As fast as SQS's own redrive goes at the most. */
const mostPerSecond = 500;
const defaultPerSecond = 50;

/** A command, as it was given. */
export interface Choice {
  verb: Verb;
  deployment: DeploymentChoice;
  workers: readonly string[];
  filter: Filter;
  limit: number;
  details: boolean;
  reveal: boolean;
  json: boolean;
  /** Letters a second. */
  rate: number;
  dryRun: boolean;
  yes: boolean;
  /** Where to export to. */
  file: string | undefined;
}

/**
 * Reads a command.
 *
 * @param now milliseconds since the epoch
 * @returns undefined where help is asked for
 * @throws UsageError saying what is wrong
 */
export function parseChoice(args: readonly string[], kind: Kind, now: number): Choice | undefined {
  const { values, positionals } = parsed(args);
  if (values.help) return undefined;
  const [name = 'list', ...rest] = positionals;
  if (!isVerb(name)) throw new UsageError(`"${name}" is none of ${Object.keys(own).join(', ')}.`);
  const foreign: readonly string[] = kind.command === 'unrouted' ? ofDeadLetters : [];
  const taken: readonly string[] = [...common, ...own[name]].filter((option) => !foreign.includes(option));
  const strange = Object.keys(values).find((option) => !taken.includes(option));
  if (strange) throw new UsageError(`--${strange} means nothing to ${kind.command} ${name}.`);
  const [file, ...more] = name === 'export' ? rest : [values.export, ...rest];
  if (more.length > 0) throw new UsageError(`${name} does not take "${more.join(' ')}".`);
  if (name === 'export' && !file) throw new UsageError('Name the file to export to: export letters.jsonl');

  const filter = {
    types: values.type ?? [],
    reasons: values.reason ?? [],
    errors: values.error ?? [],
    ids: values.id ?? [],
    since: values.since === undefined ? undefined : parseSince(values.since, now),
  };
  const workers = values.worker ?? [];
  const unknown = workers.find((worker) => !kind.workers.includes(worker));
  if (unknown)
    throw new UsageError(`There is no worker "${unknown}". There are: ${kind.workers.join(', ')}.`);

  const isNarrow = workers.length > 0 || !isOpen(filter);
  if (name === 'show' && filter.ids.length === 0) throw new UsageError('Say which: show --id <id>.');
  if (name === 'redrive' || name === 'discard') {
    if (!isNarrow && !values.all) {
      throw new UsageError(
        `Say which ${kind.noun}s: --worker, --type, --reason, ${kind.command === 'unrouted' ? '' : '--error, '}--id, --since, or --all.`,
      );
    }
    if (isNarrow && values.all)
      throw new UsageError('--all and a filter contradict each other: leave one out.');
  }
  const { stage, profile, region } = values;
  return {
    verb: name,
    deployment: { stage, profile, region },
    workers,
    filter,
    limit: whole('limit', values.limit, mostLetters, mostLetters),
    details: values.details ?? false,
    reveal: values.reveal ?? false,
    json: values.json ?? false,
    rate: whole('rate', values.rate, defaultPerSecond, mostPerSecond),
    dryRun: values['dry-run'] ?? false,
    yes: values.yes ?? false,
    file,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function isVerb(name: string): name is Verb {
  return Object.hasOwn(own, name);
}

function whole(option: string, text: string | undefined, preset: number, most: number): number {
  if (text === undefined) return preset;
  const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > most) {
    throw new UsageError(`--${option} must be a whole number from 1 to ${most}.`);
  }
  return number;
}
