import { onWorkers, withinMs } from './pause/on-workers.ts';
import { resume } from './pause/pause.ts';
import { resumedText, workerStates } from './pause/report.ts';
import { createCommand, UsageError } from './shared/command.ts';
import { findDeployment } from './shared/deployment.ts';
import { anyOf, jsonOption, onDeployment } from './shared/options.ts';
import { printJson } from './shared/print-json.ts';

/** `npx zavu-webhooks resume`. */
export const command = onDeployment(
  createCommand('resume', {
    examples: [['resume --worker inbound --stage prod', 'what the handlers call is back']],
  }).addOption(anyOf('--worker <name>', 'the worker to start').default([] as string[], 'none')),
)
  .description('Starts a paused worker again. A worker that takes events already is left as it is.')
  .addOption(jsonOption)
  .action(async ({ worker: workers, json, ...choice }) => {
    if (workers.length === 0) throw new UsageError('Which worker? Give --worker <name>.');
    const deployment = await findDeployment(choice);
    await onWorkers(deployment, async (pauses, queues) => {
      const started = await resume(pauses, pauses.sourcesOf(workers), withinMs);
      const states = await workerStates(pauses, queues);
      if (json) return printJson({ workers: states });
      for (const state of states.filter((each) => workers.includes(each.worker))) {
        console.log(resumedText(state, started.has(state.worker)));
      }
    });
  });
