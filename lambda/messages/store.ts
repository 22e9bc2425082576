import type { Logger } from '../shared/log.ts';
import type { Event } from '../zavu/event.ts';
import { changeItem, type ItemChange, type Items } from './items.ts';
import { itemKey } from './key.ts';
import { addToMessage, type Message, messagesBefore, withoutContent } from './message.ts';
import { addToStates, isStateEvent, type StateItem } from './state-item.ts';
import { isMessageEvent } from './status-change.ts';
import { type NamedSubject, namedSubjectOf } from './subject.ts';
import { addToTemplate, isTemplateEvent, type Template, templatesBefore, withoutText } from './template.ts';

/**
 * The messages table: an item per message, template, call, invitation, conversation and broadcast. A late or repeated
 * event never sets an item back.
 */
export interface Messages {
  /**
   * Brings the item of what an event is about up to date. For an event about nothing that has an item it does nothing, and
   * if no item can be made of the event it only logs that.
   *
   * @throws Error if the table is unavailable, or other workers keep changing the item: it must be tried again later
   */
  record(event: Event, context: RecordContext): Promise<void>;
}

export interface RecordContext {
  logger: Logger;
  signal: AbortSignal;
}

export interface MessagesTable extends Items {
  /** Whether addresses and texts are stored. */
  storeMessageContent: boolean;
}

/** What is logged of an event of which no item can be made. */
const notRecordedMessage = {
  message: 'message_not_recorded',
  template: 'template_not_recorded',
  call: 'call_not_recorded',
  invitation: 'invitation_not_recorded',
  conversation: 'conversation_not_recorded',
  broadcast: 'broadcast_not_recorded',
} as const;

/**
 * Creates the messages table's client.
 *
 * What an item becomes is decided in plain functions (message.ts, template.ts, state-item.ts), so workers that run at the same
 * time agree (docs/decisions/0011). An event that succeeds all others of its item is added by one call, without a look at
 * the item (docs/decisions/0038).
 *
 * @param clock gives milliseconds
 */
export function createMessages(table: MessagesTable, clock: () => number = Date.now): Messages {
  const { storeMessageContent } = table;

  /** Records an event in the item of what it is about. `changeAt` gives the change, at a time in milliseconds. */
  async function recordIn<Item extends { updatedAt: number }>(
    { kind, id }: NamedSubject,
    event: Event,
    { logger, signal }: RecordContext,
    changeAt: (now: number) => ItemChange<Item>,
  ): Promise<void> {
    const key = itemKey(kind, id, event);
    const notRecorded = (reason: string) => logger.warn(notRecordedMessage[kind], { reason });
    if ('problem' in key) return notRecorded(key.problem);
    const now = clock();
    const outcome = await changeItem(table, key, changeAt(now), now, signal);
    if (outcome === 'refused') notRecorded(outcome);
  }

  return {
    async record(event, context) {
      const named = namedSubjectOf(event);
      if (!named) return;
      if (isMessageEvent(event)) {
        await recordIn<Message>(named, event, context, (now) => ({
          add: (before) => addToMessage(before, event, { storeMessageContent, now }),
          shorten: withoutContent,
          succession: messagesBefore,
        }));
      } else if (isTemplateEvent(event)) {
        await recordIn<Template>(named, event, context, (now) => ({
          add: (before) => addToTemplate(before, event, { storeMessageContent, now }),
          shorten: withoutText,
          succession: () => templatesBefore,
        }));
      } else if (isStateEvent(event)) {
        const { kind, state } = named;
        if (state === undefined) {
          context.logger.warn(notRecordedMessage[kind], { reason: 'state_malformed' });
          return;
        }
        await recordIn<StateItem>(named, event, context, (now) => ({
          add: (before) => addToStates(before, event, state, now),
          // None of its parts is long.
          shorten: (item) => item,
        }));
      }
    },
  };
}
