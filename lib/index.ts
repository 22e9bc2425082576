/** What an app imports: `zavu-webhooks`. */

export { readSettings, type Settings, type SettingsProps, type StageSettings } from './settings/settings.ts';
export { WebhookStack, type WebhookStackProps } from './webhook-stack.ts';
export type { WorkerOptions } from './worker/options.ts';
export type { Worker } from './worker/worker.ts';
export { ZavuWebhooks, type ZavuWebhooksProps } from './zavu-webhooks.ts';
