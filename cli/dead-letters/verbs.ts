import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { asciiJson } from '../../lambda/shared/json.ts';
import { printable } from '../shared/printable.ts';
import { discard, messageIds } from './discard.ts';
import { ExportFile } from './export-file.ts';
import { countBy } from './groups.ts';
import { counted, detailsText, list, listText, remarks } from './list.ts';
import { commandLine } from './next-step.ts';
import type { Choice, Verb } from './options.ts';
import { redrive } from './redrive.ts';
import type { Kind } from './redrive-source.ts';
import { type Scope, type Survey, search } from './scan-queues.ts';
import { show, showText } from './show.ts';
import { UsageError } from './usage-error.ts';

/** A command that runs: what was asked for, and on what. */
export interface Job {
  kind: Kind;
  choice: Choice;
  scope: Scope;
}

/** What each verb does and prints. Gives whether all went well. */
export const verbs: Record<Verb, (job: Job) => Promise<boolean>> = {
  async list({ kind, choice, scope }) {
    const found = await list(scope, kind, choice.reveal);
    const { letters, ...summary } = found;
    if (choice.json) {
      console.log(asciiJson(JSON.stringify(choice.details ? { ...summary, letters } : summary)));
    } else {
      console.log(listText(found, kind, choice.deployment));
      if (choice.details && letters.length > 0) console.log(`\n${detailsText(found)}`);
    }
    remark(found.surveys, choice);
    return true;
  },

  async show({ choice, scope, kind }) {
    const { surveys, letters } = await show(scope, choice.reveal);
    if (choice.json) console.log(asciiJson(JSON.stringify(letters)));
    else console.log(letters.map(showText).join('\n\n'));
    remark(surveys, choice);
    if (letters.length > 0) return true;
    console.error(`No ${kind.noun} of that id is there.`);
    return false;
  },

  redrive: redriveOneByOne,

  async discard({ kind, choice, scope }) {
    const isAsked = !choice.yes && !choice.dryRun;
    if (isAsked && !process.stdin.isTTY) {
      throw new UsageError('Nobody is there to confirm it: add --yes, or run it on a terminal.');
    }
    const only = choice.yes && !choice.dryRun ? undefined : await messageIds(scope);
    if (only) console.error(`${counted(only.size, kind.noun)} would be deleted for good.`);
    if (choice.dryRun || only?.size === 0) return true;
    if (isAsked && !(await confirmed())) {
      console.error('Nothing was discarded.');
      return false;
    }
    const file = choice.file ? await ExportFile.create(choice.file) : undefined;
    try {
      const { surveys, discarded, recent } = await discard(scope, { file, only });
      console.log(`${counted(discarded, kind.noun)} discarded${file ? `, exported to ${choice.file}` : ''}.`);
      if (recent > 0) console.error(`${recent} stay: they came meanwhile.`);
      return remark(surveys, choice);
    } finally {
      await file?.close();
    }
  },

  async export({ kind, choice, scope }) {
    const file = await ExportFile.create(choice.file ?? '');
    try {
      const surveys = await search(scope, Number.POSITIVE_INFINITY, async (letters, redriveSource) => {
        await file.append(letters, redriveSource.name);
        return [];
      });
      console.log(
        `${counted(file.written, kind.noun)} exported to ${choice.file}, with texts and phone numbers.`,
      );
      return remark(surveys, choice);
    } finally {
      await file.close();
    }
  },
};

async function redriveOneByOne({ kind, choice, scope }: Job): Promise<boolean> {
  const { surveys, sent, staying, recent, failures } = await redrive(scope, choice);
  const verb = choice.dryRun ? 'would be redriven' : 'redriven';
  for (const [worker, count] of Object.entries(countBy(sent))) {
    console.log(`${counted(count, kind.noun)} ${verb} to the ${worker} worker.`);
  }
  if (sent.length === 0) console.log(`No ${kind.noun}s ${verb}.`);
  for (const [why, count] of Object.entries(countBy(staying))) {
    console.error(printable(`${count} stay: ${why}`));
  }
  if (recent > 0) console.error(`${recent} stay: they came meanwhile, as events that failed again do.`);
  for (const failure of failures) console.error(printable(failure));
  const isWhole = remark(surveys, choice);
  if (sent.length > 0 && !choice.dryRun) {
    console.error('What fails again comes back to the dead letters, at the latest after its last attempt:');
    console.error(`  ${commandLine({ ...kind, command: 'dead-letters' }, choice.deployment)}`);
  }
  return isWhole && failures.length === 0;
}

/** Says what was not seen, and gives whether that was nothing. */
function remark(surveys: readonly Survey[], { limit }: Choice): boolean {
  for (const sentence of remarks(surveys, limit)) console.error(sentence);
  return surveys.every(({ complete }) => complete);
}

/** Asks on the terminal. Ctrl-C and the end of the input mean no. */
async function confirmed(): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const closed = once(prompt, 'close').then(() => '');
  // Without this, Ctrl-C would leave the question open for ever.
  prompt.once('SIGINT', () => prompt.close());
  const answer = await Promise.race([prompt.question('Delete them? Type "yes": '), closed]);
  prompt.close();
  return answer.trim() === 'yes';
}
