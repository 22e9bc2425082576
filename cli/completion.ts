import { script } from '@bomb.sh/tab';
import { Argument } from '@commander-js/extra-typings';
import { createCommand } from './shared/command.ts';

/** `npx zavu-webhooks completion`. */
export const command = createCommand('completion', {
  examples: [
    ['completion bash > ~/.zavu-webhooks.bash', 'to be sourced by ~/.bashrc'],
    ['completion fish > ~/.config/fish/completions/zavu-webhooks.fish', 'completes in every new fish'],
  ],
  notes: [
    'A shell completes the name of a command that it knows. npx is another command, so give it a function of that name, ' +
      'such as this one of bash and zsh: zavu-webhooks() { npx --no zavu-webhooks "$@"; }',
  ],
})
  .description(
    'Prints a script with which a shell completes commands, options, event types, reasons, and the workers of the local run.',
  )
  .addArgument(
    new Argument('<shell>', 'the shell that completes').choices(['bash', 'zsh', 'fish', 'powershell']),
  )
  .action((shell) => script(shell, 'zavu-webhooks', 'npx --no zavu-webhooks'));
