/** What a user's handlers import: `zavu-webhooks/handlers`. */

export type { EventType } from '../zavu/catalogue.ts';
export type { Event, EventOf } from '../zavu/event.ts';
export { meaningOf } from './default/error-codes.ts';
export { intentOf } from './default/intent.ts';
export { defaults } from './defaults.ts';
export { defineHandlers, type HandlerTable, unrouted } from './define-handlers.ts';
export { type FurtherFields, LogFieldError } from './further-fields.ts';
export { type Handler, type HandlerContext, type Handlers, PermanentFailure } from './handler.ts';
export type { HandlerLogger } from './logger.ts';
