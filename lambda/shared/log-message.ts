/**
 * A message that stands in the code as it is: `'ticket_opened'`. A variable of the type string, a template that has
 * one in it, and a text of several words do not compile, and the compiler's error has the sentence that says why. Types
 * do not see everything (`any`), so a logger checks its messages again.
 *
 * @typeParam Message the type of the text that is given
 */
export type LogMessage<Message extends string> = Message extends Message
  ? // A text that is known is a property that `{}` lacks. Any other makes an index, which `{}` fits.
    Record<never, never> extends Record<Message, unknown>
    ? 'A log message is a literal such as "ticket_opened": put what varies into a field'
    : Message extends `${string}${' ' | '\n' | '\t'}${string}`
      ? 'A log message is one word such as "ticket_opened"'
      : Message
  : never;
