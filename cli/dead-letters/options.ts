import { parseArgs } from 'node:util';
import { UsageError } from '../shared/command.ts';
import { type DeploymentChoice, deploymentOptions } from '../shared/deployment.ts';
import { parseRate } from '../shared/rate.ts';
import { parseTime } from '../shared/time.ts';
import { parseWholeNumber } from '../shared/whole-number.ts';
import { type Filter, isOpen } from './filter.ts';
import type { FilterOption, QueueCommand } from './queue-command.ts';

const allOptions = {
  ...deploymentOptions,
  worker: { type: 'string', multiple: true },
  type: { type: 'string', multiple: true },
  reason: { type: 'string', multiple: true },
  error: { type: 'string', multiple: true },
  id: { type: 'string', multiple: true },
  since: { type: 'string' },
  limit: { type: 'string' },
  details: { type: 'boolean' },
  reveal: { type: 'boolean' },
  json: { type: 'boolean' },
  all: { type: 'boolean' },
  rate: { type: 'string' },
  'dry-run': { type: 'boolean' },
  yes: { type: 'boolean' },
  export: { type: 'string' },
} as const;
type Option = keyof typeof allOptions;

/** What each verb takes besides a deployment, a filter and a limit. */
const verbOptions = {
  list: ['details', 'reveal', 'json'],
  show: ['reveal', 'json'],
  redrive: ['all', 'rate', 'dry-run'],
  discard: ['all', 'yes', 'dry-run', 'export'],
  export: [],
} as const satisfies Record<string, readonly Option[]>;
export type QueueVerb = keyof typeof verbOptions;

const commonOptions: readonly Option[] = ['stage', 'stack', 'profile', 'region', 'port', 'limit'];

/** SQS lets 120,000 messages of a queue be in flight. This leaves some to others. */
const maxMessages = 100_000;

/** What a person asked for. */
export interface QueueCommandOptions {
  verb: QueueVerb;
  deployment: DeploymentChoice;
  filter: Filter;
  /** The greatest number of messages of a queue that are looked at. */
  limit: number;
  details: boolean;
  reveal: boolean;
  json: boolean;
  /** Messages a second. */
  rate: number;
  dryRun: boolean;
  yes: boolean;
  /** The file to export to. */
  file: string | undefined;
}

/**
 * Reads the arguments of a command.
 *
 * @param now milliseconds since the epoch
 * @throws UsageError saying what is wrong, or the error of `parseArgs`
 */
export function parseOptions(
  args: readonly string[],
  { name, noun, filters }: QueueCommand,
  now: number,
): QueueCommandOptions {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: allOptions });
  const [verb = 'list', ...operands] = positionals;
  if (!isVerb(verb)) throw new UsageError(`"${verb}" is none of ${Object.keys(verbOptions).join(', ')}.`);
  const taken: readonly string[] = [...commonOptions, ...filters, ...verbOptions[verb]];
  const strange = Object.keys(values).find((option) => !taken.includes(option));
  if (strange) throw new UsageError(`--${strange} means nothing to ${name} ${verb}.`);
  const [file, ...more] = verb === 'export' ? operands : [values.export, ...operands];
  if (more.length > 0) throw new UsageError(`${verb} does not take "${more.join(' ')}".`);
  if (verb === 'export' && !file) throw new UsageError('Name the file to export to: export messages.jsonl');

  const filter = {
    workers: values.worker ?? [],
    types: values.type ?? [],
    reasons: values.reason ?? [],
    errors: values.error ?? [],
    ids: values.id ?? [],
    since: parseSince(values.since, now),
  };
  if (verb === 'show' && filter.ids.length === 0)
    throw new UsageError('Say which one to show: show --id <id>.');
  if (verb === 'redrive' || verb === 'discard') {
    checkChoice(noun, filters, isOpen(filter), values.all ?? false);
  }

  const { stage, stack, profile, region } = values;
  return {
    verb,
    deployment: { stage, stack, profile, region },
    filter,
    limit: values.limit === undefined ? maxMessages : parseWholeNumber('limit', values.limit, maxMessages),
    details: values.details ?? false,
    reveal: values.reveal ?? false,
    json: values.json ?? false,
    rate: parseRate(values.rate),
    dryRun: values['dry-run'] ?? false,
    yes: values.yes ?? false,
    file,
  };
}

function isVerb(name: string): name is QueueVerb {
  return Object.hasOwn(verbOptions, name);
}

function parseSince(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const since = parseTime('since', text, now);
  if (since > now) throw new UsageError(`--since ${text} is in the future.`);
  return since;
}

/** Nobody sends or deletes everything by leaving out a filter: that takes `--all`. */
function checkChoice(noun: string, filters: readonly FilterOption[], isAll: boolean, saysAll: boolean): void {
  if (isAll && !saysAll) {
    throw new UsageError(`Say which ${noun}s: ${filters.map((name) => `--${name}`).join(', ')}, or --all.`);
  }
  if (!isAll && saysAll) throw new UsageError('--all and a filter contradict each other: leave one out.');
}
