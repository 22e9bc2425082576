import { randomBytes } from 'node:crypto';

const run = `conformance_${Date.now().toString(36)}${randomBytes(3).toString('hex')}`;
let count = 0;

/** An id that no other event of any run has. */
export const newId = (): string => `${run}_${++count}`;

/** An event of a type. What it says is the handler's side effect. */
export function eventOf(type: string, text = 'hello', id = newId()) {
  const messageId = `msg_${id}`;
  const data = { messageId, from: '+56912345678', to: '+14155551234', channel: 'whatsapp', text };
  return { id, type, timestamp: Date.now(), projectId: 'prj_1', data };
}

/** An event that a handler handles. */
export const inbound = (text?: string, id?: string) => eventOf('message.inbound', text, id);

/** The type of an event that nobody handles: it is kept as it came, and can be compared there. */
const unhandledType = 'conformance.unrouted';
export const unhandled = (text?: string, id?: string) => eventOf(unhandledType, text, id);

/** An unhandled event with `data` as JSON that no object can be written as. */
export const withData = (json: string, id: string): string =>
  `{"id":"${id}","type":"${unhandledType}","timestamp":1736850000000,"data":${json}}`;
