import { intentOf } from '../../../../lambda/handlers/default/intent.ts';

/** The seven words of 47 CFR 64.1200(a)(10), by themselves: none may ever be missing. */
const ofTheRule = ['stop', 'quit', 'end', 'revoke', 'opt out', 'cancel', 'unsubscribe'];
const ofCarriers = ['stopall', 'optout', 'opt-out', 'arret', 'arrête'];
const spanish = ['baja', 'alto', 'parar', 'pare', 'detener', 'cancelar', 'salir', 'no más', 'darme de baja'];

/** What people, phones and prompts make of a word. */
const guises: readonly [string, (word: string) => string][] = [
  ['as it is', (word) => word],
  ['in capitals', (word) => word.toUpperCase()],
  ['with a capital', (word) => word.charAt(0).toUpperCase() + word.slice(1)],
  ['with a full stop', (word) => `${word}.`],
  ['with marks', (word) => `¡${word}!!! `],
  ['in quotes', (word) => `"${word}"`],
  ['in curly quotes', (word) => `“${word}”`],
  ['in angle quotes', (word) => `« ${word} »`],
  ['in brackets', (word) => `[${word}]`],
  ['in asterisks', (word) => `*${word}*`],
  ['after a slash', (word) => `/${word}`],
  ['with a picture', (word) => `${word} 🛑`],
  ['with line breaks', (word) => `\r\n${word}\n\n`],
  ['with a blank that does not break', (word) => `\u00a0${word}\u2007`],
  ['with more blanks inside', (word) => word.replaceAll(' ', ' \t\u2003 ')],
  ['with zero-width spaces', (word) => [...word].join('\u200b')],
  ['with joiners', (word) => [...word].join('\u200d')],
  ['with a byte order mark', (word) => `\ufeff${word.charAt(0)}\ufeff${word.slice(1)}`],
  ['with fillers that are letters', (word) => `${word.charAt(0)}\u3164${word.slice(1)}\u115f`],
  ['with annotation anchors', (word) => `${word.charAt(0)}\ufff9${word.slice(1)}\ufffb`],
  ['with soft hyphens', (word) => [...word].join('\u00ad')],
  ['with bidi marks', (word) => `\u202e\u2066${word}\u2069\u202c\u200f`],
  ['with variation selectors', (word) => [...word].join('\ufe0f')],
  ['beside half a character', (word) => `\ud800${word}`],
  ['with a NUL', (word) => `${word.charAt(0)}\u0000${word.slice(1)}`],
  ['with tag characters', (word) => `${word}\u{e0001}`],
  [
    'with combining marks',
    (word) => [...word].map((letter) => (letter === ' ' ? ' ' : `${letter}\u0301`)).join(''),
  ],
  ['decomposed', (word) => word.normalize('NFD')],
  [
    'in full width',
    (word) => word.replace(/[a-z]/g, (letter) => String.fromCodePoint(0xfee0 + letter.charCodeAt(0))),
  ],
  [
    'in bold',
    (word) => word.replace(/[a-z]/g, (letter) => String.fromCodePoint(0x1d3b9 + letter.charCodeAt(0))),
  ],
  [
    'in circles',
    (word) => word.replace(/[a-z]/g, (letter) => String.fromCodePoint(0x246f + letter.charCodeAt(0))),
  ],
  ['with a hundred marks', (word) => word + '\u200b'.repeat(100)],
];

describe.each([
  ['opt_out', [...ofTheRule, ...ofCarriers, ...spanish]],
  ['opt_in', ['start', 'unstop', 'alta']],
  ['help', ['help', 'info', 'ayuda']],
])('%s', (intent, words) => {
  test.each(words)('%s, whatever its guise', (word) => {
    for (const [guise, disguise] of guises) {
      const text = disguise(word);
      expect([guise, intentOf({ text })]).toEqual([guise, intent]);
      expect([guise, intentOf({ text, messageType: 'text' })]).toEqual([guise, intent]);
      const reply = { type: 'button_reply', id: '1', title: text };
      expect([guise, intentOf({ messageType: 'interactive', content: { interactiveReply: reply } })]).toEqual(
        [guise, intent],
      );
    }
  });
});

test.each([
  ['please stop by', 'message'],
  ['stop it, I love it', 'message'],
  ['bus stop', 'message'],
  ['unstoppable', 'message'],
  ['s t o p', 'message'],
  ['the end', 'message'],
  ['yes', 'message'],
  ['1', 'message'],
  ['constructor', 'message'],
  ['__proto__', 'message'],
  ['🛑', 'message'],
  [`stop${'\u200b'.repeat(100_000)}`, 'message'],
  ['', 'empty'],
  [' \n', 'empty'],
  [null, 'empty'],
  [undefined, 'empty'],
])('no keyword (%#)', (text, intent) => {
  expect(intentOf({ text })).toBe(intent);
});

describe('a tap on a button or a row of a list', () => {
  const tapped = (reply: object, messageType = 'interactive') =>
    intentOf({ messageType, content: { interactiveReply: reply } } as Parameters<typeof intentOf>[0]);

  test.each([
    [{ type: 'button_reply', id: 'b1', title: 'Opt out' }, 'opt_out'],
    [{ type: 'button_reply', id: 'opt_out', title: 'No quiero más mensajes' }, 'opt_out'],
    [{ type: 'list_reply', id: 'r7', title: 'Baja', description: 'No more messages' }, 'opt_out'],
    [{ type: 'list_reply', id: 'help', title: 'Contact' }, 'help'],
    [{ type: 'list_reply', id: 'r7', title: 'Yes', description: 'stop' }, 'interactive'],
    // What its texts say together is taken by its safe side.
    [{ type: 'button_reply', id: 'stop', title: 'Start' }, 'opt_out'],
    [{ type: 'button_reply', id: 'start', title: 'Help' }, 'help'],
  ])('%j is %s', (reply, intent) => {
    expect(tapped(reply)).toBe(intent);
  });

  test('counts by its text too, and whatever its type', () => {
    expect(intentOf({ text: 'STOP', messageType: 'button' })).toBe('opt_out');
    expect(tapped({ type: 'button_reply', id: 'b1', title: 'STOP' }, 'text')).toBe('opt_out');
  });
});

test('what is not text says what it is, and a caption is no keyword', () => {
  expect(intentOf({ text: '👍', messageType: 'reaction' })).toBe('reaction');
  expect(intentOf({ text: 'STOP', messageType: 'image' })).toBe('image');
  expect(intentOf({ messageType: 'order' })).toBe('order');
});

test.each([[7], [{}], [['stop']], [true], ['x'.repeat(1_000_000)]])(
  'data that drifted is no obstacle (%#)',
  (value) => {
    const drifted = { text: value, messageType: value, content: value };
    expect(typeof intentOf(drifted as Parameters<typeof intentOf>[0])).toBe('string');
    const reply = { content: { interactiveReply: value } };
    expect(intentOf(reply as Parameters<typeof intentOf>[0])).toBe('empty');
  },
);
