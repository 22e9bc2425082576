import { asciiJson } from '../../lambda/shared/json.ts';
import { printable } from '../../local/printable.ts';
import { UsageError } from '../shared/command.ts';
import { pluralize } from '../shared/plural.ts';
import { commandLine } from './command-line.ts';
import { confirmed } from './confirmation.ts';
import { discard, messageIds } from './discard.ts';
import { ExportFile } from './export-file.ts';
import { countBy } from './groups.ts';
import { list } from './list.ts';
import { detailsText, listText, warnings } from './list-text.ts';
import type { QueueCommandOptions, QueueVerb } from './options.ts';
import type { QueueCommand } from './queue-command.ts';
import { redrive } from './redrive.ts';
import { type Query, type ScanResult, scanQueues } from './scan-queues.ts';
import { show, showText } from './show.ts';

/**
 * Does what a verb means, and prints it. Gives whether all went well.
 *
 * @param workers in the order in which a list has them
 */
type RunVerb = (
  query: Query,
  options: QueueCommandOptions,
  command: QueueCommand,
  workers: readonly string[],
) => Promise<boolean>;

export const verbs: Record<QueueVerb, RunVerb> = {
  async list(query, { reveal, json, details, deployment, limit }, command, workers) {
    const found = await list(query, workers, reveal);
    const { messages, ...summary } = found;
    if (json) {
      console.log(asciiJson(JSON.stringify(details ? found : summary)));
    } else {
      console.log(listText(found, command, deployment));
      if (details && messages.length > 0) console.log(`\n${detailsText(found, command)}`);
    }
    warn(found.scans, limit);
    return true;
  },

  async show(query, { reveal, json, limit }, { noun }) {
    const { scans, messages } = await show(query, reveal);
    if (json) console.log(asciiJson(JSON.stringify(messages)));
    else console.log(messages.map(showText).join('\n\n'));
    warn(scans, limit);
    if (messages.length > 0) return true;
    console.error(`There is no ${noun} of that id.`);
    return false;
  },

  async redrive(query, { rate, dryRun, deployment, limit }, { noun }) {
    const { scans, sent, staying: reasons, recent, failures } = await redrive(query, { rate, dryRun });
    const verb = dryRun ? 'would be redriven' : 'redriven';
    for (const [worker, count] of Object.entries(countBy(sent))) {
      console.log(`${pluralize(count, noun)} ${verb} to the ${worker} worker.`);
    }
    if (sent.length === 0) console.log(`0 ${noun}s ${verb}.`);
    for (const [why, count] of Object.entries(countBy(reasons))) {
      console.error(printable(`${staying(count, noun)}: ${why}`));
    }
    if (recent > 0) {
      console.error(`${staying(recent, noun)}: added meanwhile, as an event that fails again is.`);
    }
    for (const failure of failures) console.error(printable(failure));
    const isWhole = warn(scans, limit);
    if (sent.length > 0 && !dryRun) {
      console.error('Events that fail again become dead letters, at the latest after their last attempt:');
      console.error(`  ${commandLine('dead-letters', [], deployment)}`);
    }
    return isWhole && failures.length === 0;
  },

  async discard(query, options, { noun }) {
    const isAsked = !options.yes && !options.dryRun;
    if (isAsked && !process.stdin.isTTY) {
      throw new UsageError('There is no terminal to confirm it on: add --yes, or run it on a terminal.');
    }
    const only = options.yes && !options.dryRun ? undefined : await messageIds(query);
    if (only) console.error(`${pluralize(only.size, noun)} would be deleted for good.`);
    if (options.dryRun || only?.size === 0) return true;
    if (isAsked && !(await confirmed())) {
      console.error('Nothing was discarded.');
      return false;
    }
    const file = options.file ? await ExportFile.create(options.file) : undefined;
    try {
      const { scans, discarded, recent } = await discard(query, { file, only });
      console.log(`${pluralize(discarded, noun)} discarded${file ? `, exported to ${options.file}` : ''}.`);
      if (recent > 0) console.error(`${staying(recent, noun)}: added meanwhile.`);
      return warn(scans, options.limit);
    } finally {
      await file?.close();
    }
  },

  async export(query, { file: path = '', limit }, { noun }) {
    const file = await ExportFile.create(path);
    try {
      const scans = await scanQueues(query, Number.POSITIVE_INFINITY, async (messages, { name }) => {
        await file.append(messages, name);
        return [];
      });
      console.log(`${pluralize(file.written, noun)} exported to ${path}, with texts and phone numbers.`);
      return warn(scans, limit);
    } finally {
      await file.close();
    }
  },
};

/** How many of something stay where they are, such as `1 dead letter stays`. */
function staying(count: number, noun: string): string {
  return `${pluralize(count, noun)} ${count === 1 ? 'stays' : 'stay'}`;
}

/** Says what scans did not see, and gives whether they saw everything. */
function warn(scans: readonly ScanResult[], limit: number): boolean {
  for (const sentence of warnings(scans, limit)) console.error(sentence);
  return scans.every(({ complete }) => complete);
}
