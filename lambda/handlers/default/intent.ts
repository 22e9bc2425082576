import type { DataOf } from '../../zavu/catalogue.ts';

/**
 * Words that mean something when they are a whole message, in lower case and without accents.
 *
 * Opting out: the seven of the FCC's rule (47 CFR 64.1200(a)(10), in force since April 2025,
 * https://www.govinfo.gov/content/pkg/FR-2024-03-05/html/2024-04587.htm), those that carriers honour besides
 * (https://www.twilio.com/en-us/blog/update-to-fcc-s-sms-opt-out-keywords, and French ones in Canada,
 * https://www.twilio.com/docs/proxy/opt-out-keywords), and Spanish ones. The rule asks more of a sender than words: any
 * reply that a reasonable person understands as a wish to be left alone. That is for a person, or for your handler.
 *
 * Opting in: Twilio takes YES too (https://help.twilio.com/articles/223134027). Not here: it answers questions of
 * all kinds, and a consent that nobody gave does more harm than one that has to be given again.
 */
const words: Readonly<Record<Keyword, readonly string[]>> = {
  opt_out: [
    ...['stop', 'quit', 'end', 'revoke', 'opt out', 'cancel', 'unsubscribe'],
    ...['stopall', 'stop all', 'optout', 'arret', 'arrete'],
    ...['baja', 'alto', 'parar', 'pare', 'detener', 'cancelar', 'salir', 'no mas'],
    ...['darme de baja', 'dar de baja', 'dame de baja', 'cancelar suscripcion'],
  ],
  help: ['help', 'info', 'ayuda', 'auxilio'],
  opt_in: ['start', 'unstop', 'opt in', 'optin', 'alta'],
};

type Keyword = 'opt_out' | 'help' | 'opt_in';

/** In the order in which they count, where a reply's texts say different things: the safe one first. */
const keywords: readonly Keyword[] = ['opt_out', 'help', 'opt_in'];

const keywordOf: ReadonlyMap<string, Keyword> = new Map(
  keywords.flatMap((keyword) => words[keyword].map((word) => [word, keyword] as const)),
);

/** Messages that hold something beside a text: a caption is no keyword. */
const withMedia: ReadonlySet<string> = new Set([
  ...['image', 'video', 'audio', 'document', 'sticker', 'location', 'contact', 'contacts', 'reaction'],
]);

/** Longer texts are no keyword, whatever is left of them without what nobody sees. */
const maxText = 1_000;

/**
 * What a customer's message wants.
 *
 * A keyword counts only where it is the whole message: its text, or the title or the id of the button or list row that
 * was tapped.
 *
 * @param data an inbound message's, which may have drifted
 * @returns `opt_out`, `help`, `opt_in`; else the message's type, where it is not text; else `message` or `empty`
 */
export function intentOf({ text, messageType, content }: Partial<DataOf<'message.inbound'>>): string {
  const kind = typeof messageType === 'string' ? messageType : '';
  if (withMedia.has(kind)) return kind;
  const reply = content?.interactiveReply;
  const said = [text, reply?.title, reply?.id].map(plain);
  const meant = new Set(said.map((each) => keywordOf.get(each)));
  const keyword = keywords.find((each) => meant.has(each));
  if (keyword) return keyword;
  if (kind && kind !== 'text') return kind;
  return typeof text === 'string' && text.trim() !== '' ? 'message' : 'empty';
}

/**
 * A text's words alone: in lower case, with a blank between two, without accents, punctuation, symbols, and characters
 * that nobody sees. Empty where it is no text, or a long one.
 */
function plain(text: unknown): string {
  if (typeof text !== 'string' || text.length > maxText) return '';
  return text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/(?![\t\n\v\f\r\x85])[\p{M}\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
