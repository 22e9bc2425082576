/** What a user's handlers import: `zavu-webhooks/handlers`. */

export type { Logger } from '../shared/log.ts';
export type { EventType } from '../zavu/catalogue.ts';
export type { Event, EventOf } from '../zavu/event.ts';
export { defaults } from './defaults.ts';
export { defineHandlers, type HandlerTable, unrouted } from './define-handlers.ts';
export { type Handler, type HandlerContext, type Handlers, PermanentFailure } from './handler.ts';
