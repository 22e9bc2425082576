import { printable } from '../../local/printable.ts';
import { UsageError } from '../shared/command.ts';
import { commandLine } from '../shared/command-line.ts';
import { pluralize } from '../shared/plural.ts';
import { printJson } from '../shared/print-json.ts';
import type { DeploymentChoice } from '../shared/stack-name.ts';
import { pauseNote, type WorkerPauses } from '../shared/worker-pauses.ts';
import { confirmed } from './confirmation.ts';
import { discard, messageIds } from './discard.ts';
import { ExportFile } from './export-file.ts';
import { countBy } from './groups.ts';
import { list } from './list.ts';
import { detailsText, listText, warnings } from './list-text.ts';
import type { QueueCommand } from './queue-command.ts';
import { redrive } from './redrive.ts';
import { type Query, type ScanResult, scanQueues } from './scan-queues.ts';
import { show, showText } from './show.ts';

/** What a verb works on. */
export interface VerbContext {
  query: Query;
  pauses: WorkerPauses;
  command: QueueCommand;
  /** In the order in which a list has them. */
  workers: readonly string[];
  /** As a person named it, for the commands of next steps. */
  deployment: DeploymentChoice;
}

interface Printing {
  /** Whether the result is printed for a script. */
  json?: true | undefined;
}

/** Each verb prints its result, and gives whether all went well. */
export async function runList(
  { query, command, workers, deployment }: VerbContext,
  { reveal = false, details = false, json }: Printing & { reveal?: boolean; details?: boolean },
): Promise<boolean> {
  const found = await list(query, workers, reveal);
  const { messages, ...summary } = found;
  if (json) {
    printJson(details ? found : summary);
  } else {
    console.log(listText(found, command, deployment));
    if (details && messages.length > 0) console.log(`\n${detailsText(found, command)}`);
  }
  warn(found.scans, query.limit);
  return !isMissing(query, found.messages.length, command.noun);
}

export async function runShow(
  { query, command: { noun } }: VerbContext,
  { reveal = false, json }: Printing & { reveal?: boolean },
): Promise<boolean> {
  const { scans, messages } = await show(query, reveal);
  if (json) printJson(messages);
  else if (messages.length > 0) console.log(messages.map(showText).join('\n\n'));
  warn(scans, query.limit);
  return !isMissing(query, messages.length, noun);
}

export async function runRedrive(
  { query, command: { noun }, deployment, pauses }: VerbContext,
  { rate, dryRun = false, json }: Printing & { rate: number; dryRun?: boolean },
): Promise<boolean> {
  const { scans, sent, staying: reasons, recent, failures } = await redrive(query, { rate, dryRun });
  const verb = dryRun ? 'would be redriven' : 'redriven';
  if (json) {
    printJson({ dryRun, redriven: countBy(sent), stays: countBy(reasons), recent, failures, scans });
  } else {
    for (const [worker, count] of Object.entries(countBy(sent))) {
      console.log(`${pluralize(count, noun)} ${verb} to the ${worker} worker.`);
    }
    if (sent.length === 0) console.log(`0 ${noun}s ${verb}.`);
  }
  for (const worker of new Set(sent)) {
    // A hint alone: whoever may redrive may be denied to read it.
    const note = await pauseNote(pauses, worker).catch(() => undefined);
    if (note) console.error(note);
  }
  for (const [why, count] of Object.entries(countBy(reasons))) {
    console.error(printable(`${staying(count, noun)}: ${why}`));
  }
  if (recent > 0) {
    console.error(`${staying(recent, noun)}: added meanwhile, as an event that fails again is.`);
  }
  for (const failure of failures) console.error(printable(failure));
  const isWhole = warn(scans, query.limit);
  if (sent.length > 0 && !dryRun) {
    console.error('Events that fail again become dead letters, at the latest after their last attempt:');
    console.error(`  ${commandLine('dead-letters', [], deployment)}`);
  }
  const chosen = sent.length + reasons.length + recent + failures.length;
  return !isMissing(query, chosen, noun) && isWhole && failures.length === 0;
}

export async function runDiscard(
  { query, command: { noun } }: VerbContext,
  options: Printing & { yes?: boolean; dryRun?: boolean; export?: string | undefined },
): Promise<boolean> {
  const { yes = false, dryRun = false, json } = options;
  const isAsked = !yes && !dryRun;
  if (isAsked && !process.stdin.isTTY) {
    throw new UsageError('There is no terminal to confirm it on: add --yes, or run it on a terminal.');
  }
  const only = yes && !dryRun ? undefined : await messageIds(query);
  if (only) console.error(`${pluralize(only.size, noun)} would be deleted for good.`);
  if (dryRun || only?.size === 0) {
    if (json) printJson({ dryRun, discarded: 0, chosen: only?.size ?? 0 });
    return !isMissing(query, only?.size ?? 0, noun);
  }
  if (isAsked && !(await confirmed())) {
    console.error('Nothing was discarded.');
    return false;
  }
  const file = options.export === undefined ? undefined : await ExportFile.create(options.export);
  try {
    const { scans, discarded, recent } = await discard(query, { file, only });
    if (json) printJson({ dryRun, discarded, recent, ...(file ? { file: options.export } : {}), scans });
    else
      console.log(`${pluralize(discarded, noun)} discarded${file ? `, exported to ${options.export}` : ''}.`);
    if (recent > 0) console.error(`${staying(recent, noun)}: added meanwhile.`);
    const isWhole = warn(scans, query.limit);
    return !isMissing(query, discarded + recent, noun) && isWhole;
  } finally {
    await file?.close();
  }
}

export async function runExport(
  { query, command: { noun } }: VerbContext,
  path: string,
  { json }: Printing,
): Promise<boolean> {
  const file = await ExportFile.create(path);
  try {
    const scans = await scanQueues(query, Number.POSITIVE_INFINITY, async (messages, { name }) => {
      await file.append(messages, name);
      return [];
    });
    if (json) printJson({ exported: file.written, file: path, scans });
    else console.log(`${pluralize(file.written, noun)} exported to ${path}, with texts and phone numbers.`);
    const isWhole = warn(scans, query.limit);
    return !isMissing(query, file.written, noun) && isWhole;
  } finally {
    await file.close();
  }
}

/** Whether a person named ids, and no message was found, which is said. Without ids, to find none is an answer, too. */
function isMissing({ filter: { ids } }: Query, found: number, noun: string): boolean {
  if (ids.length === 0 || found > 0) return false;
  console.error(`No ${noun} of ${ids.length === 1 ? 'that id' : 'those ids'} was found.`);
  return true;
}

/** How many of something stay where they are, such as `1 dead letter stays`. */
function staying(count: number, noun: string): string {
  return `${pluralize(count, noun)} ${count === 1 ? 'stays' : 'stay'}`;
}

/** Says what scans did not see, and gives whether they saw everything. */
function warn(scans: readonly ScanResult[], limit: number): boolean {
  for (const sentence of warnings(scans, limit)) console.error(sentence);
  return scans.every(({ complete }) => complete);
}
