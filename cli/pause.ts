import { onWorkers, withinMs } from './pause/on-workers.ts';
import { earlierNote, pause, planPause } from './pause/pause.ts';
import { pausedText, stateTable, workerStates } from './pause/report.ts';
import { createCommand, UsageError } from './shared/command.ts';
import { findDeployment } from './shared/deployment.ts';
import { anyOf, durationOption, jsonOption, onDeployment } from './shared/options.ts';
import { printJson } from './shared/print-json.ts';

/** `npx zavu-webhooks pause`. */
export const command = onDeployment(
  createCommand('pause', {
    examples: [
      ['pause --worker inbound --for 2h --stage prod', 'what the handlers call is down for two hours'],
      ['pause --stage prod', 'which workers are paused, and until when'],
    ],
    notes: [
      'Events wait in the queue of the worker, and nothing is tried in vain. A deployment in between does not end the pause. ' +
        'Without --for it lasts as long as events are safe: then the worker starts by itself.',
    ],
  })
    .addOption(anyOf('--worker <name>', 'the worker to pause').default([] as string[], 'none'))
    .addOption(durationOption('--for <time>', 'how long, such as 90m, 2h or 3d')),
)
  .description(
    'Pauses a worker while what it calls is down. Without --worker: lists which workers are paused.',
  )
  .addOption(jsonOption)
  .action(async ({ worker: workers, for: forMs, json, ...choice }) => {
    if (workers.length === 0 && forMs !== undefined)
      throw new UsageError('Which worker? Give --worker <name>.');
    const deployment = await findDeployment(choice);
    await onWorkers(deployment, async (pauses, queues) => {
      const sources = pauses.sourcesOf(workers);
      const now = Date.now();
      const plans = await Promise.all(
        sources.map(async (source) => {
          const before = await pauses.latest(source.worker);
          const planned = planPause(source, forMs, before, now);
          return { source, planned, note: earlierNote(source, planned, before) };
        }),
      );
      const plan = new Map(plans.map(({ source, planned }) => [source, planned]));
      const stopped = await pause(pauses, plan, withinMs);
      const states = await workerStates(pauses, queues);
      if (json) return printJson({ workers: states });
      if (workers.length === 0) return console.log(stateTable(states, Date.now()));
      for (const state of states.filter((each) => workers.includes(each.worker))) {
        const { note } = plans.find(({ source }) => source.worker === state.worker) ?? {};
        console.log(pausedText(state, stopped.has(state.worker), note, Date.now()));
      }
    });
  });
