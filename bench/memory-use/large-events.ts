import { randomInt } from 'node:crypto';
import { brotliCompressSync, constants } from 'node:zlib';
import type { SQSEvent } from 'aws-lambda';
import { batchOf, inboundBody } from '../webhook.ts';

/** Words of a chat. */
const words = [
  ...'de que y la el no me en a por un para con es lo se su pedido hola gracias cuándo llega mañana envío'.split(
    ' ',
  ),
  ...'dirección número factura señor tienda ayer después también código color talla azul 😀 cambio'.split(
    ' ',
  ),
  ...'devolución pagué tarjeta efectivo confirmar recogida sábado horario teléfono mensaje urgente'.split(
    ' ',
  ),
];

/** An event with a text as people write it, as long as makes its JSON of about so many bytes. */
export function chatEvent(bytes: number): string {
  // Who writes a lot repeats a lot.
  const sentences = Array.from({ length: 500 }, () =>
    Array.from({ length: 12 }, () => oneOf(words)).join(' '),
  );
  const chosen: string[] = [];
  for (let length = 0; length < bytes; ) {
    const sentence = oneOf(sentences);
    chosen.push(sentence);
    length += Buffer.byteLength(sentence) + 2;
  }
  return eventWith({ text: chosen.join('. ') });
}

/** An event that takes far more memory than bytes: a list of so many empty objects as make its JSON of so many bytes. */
export function sparseEvent(bytes: number): string {
  return eventWith({ unknown: new Array(Math.floor(bytes / '{},'.length)).fill({}) });
}

/** What the event source gives a worker of these events, each compressed as the receiver compresses large ones. */
export function packedBatch(events: readonly string[]): SQSEvent {
  const { Records } = batchOf(events.map(packed));
  const encoding = { stringValue: 'brotli_base64', dataType: 'String' };
  return { Records: Records.map((record) => ({ ...record, messageAttributes: { encoding } })) };
}

function packed(event: string): string {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 5 };
  return brotliCompressSync(event, { params }).toString('base64');
}

function eventWith(more: object): string {
  const { data, ...envelope } = JSON.parse(inboundBody());
  return JSON.stringify({ ...envelope, data: { ...data, ...more } });
}

function oneOf(list: readonly string[]): string {
  return list[randomInt(list.length)] ?? '';
}
