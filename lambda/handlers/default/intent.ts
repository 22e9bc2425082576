import type { DataOf } from '../../zavu/catalogue.ts';

/**
 * Words that mean something when they are a whole message, in lower case and without accents.
 *
 * Opting out: the seven of the FCC's rule (47 CFR 64.1200(a)(10), in force since April 2025,
 * https://www.govinfo.gov/content/pkg/FR-2024-03-05/html/2024-04587.htm), further ones that carriers honour
 * (https://www.twilio.com/en-us/blog/update-to-fcc-s-sms-opt-out-keywords, and French ones in Canada,
 * https://www.twilio.com/docs/proxy/opt-out-keywords), and Spanish ones. The rule asks for more than keywords: for any
 * reply that a reasonable person understands as a wish to get no more messages. That needs a person, or your handler.
 *
 * Opting in: Twilio accepts YES too (https://help.twilio.com/articles/223134027). This list does not, because YES
 * answers questions of all kinds, and a consent that was not given does more harm than one that must be given again.
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

/** In the order in which they count if a reply's texts say different things: the safe one is first. */
const keywords: readonly Keyword[] = ['opt_out', 'help', 'opt_in'];

const keywordOf: ReadonlyMap<string, Keyword> = new Map(
  keywords.flatMap((keyword) => words[keyword].map((word) => [word, keyword] as const)),
);

/** Messages that hold something besides a text: a caption is no keyword. */
const withMedia: ReadonlySet<string> = new Set([
  ...['image', 'video', 'audio', 'document', 'sticker', 'location', 'contact', 'contacts', 'reaction'],
]);

/** Longer texts are no keyword, even if few visible characters are left of them. */
const maxText = 1_000;

/**
 * What a customer's message wants.
 *
 * A keyword counts only if it is the whole message: its text, or the title or the id of the button or list row that was
 * tapped.
 *
 * @param data an inbound message's data, which may have drifted
 * @returns `opt_out`, `help` or `opt_in`; otherwise the message's type if it is not text; otherwise `message` or
 *   `empty`
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
 * The words of a text: in lower case, separated by one blank, without accents, punctuation, symbols and invisible
 * characters. Empty if the value is no text, or a long one.
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
