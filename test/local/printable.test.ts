import { printable } from '../../local/printable.ts';

test.each([
  ['control characters and line breaks', 'evt_\u001b[2J\r\n\t\u0007', 'evt_?[2J????'],
  ['a title for the window', '\u001b]0;owned\u0007', '?]0;owned?'],
  ['C1', '\u009b1m\u0090\u0085\u007f', '?1m???'],
  ['bidi marks', 'a\u202eb\u2066c\u200fd\u061c', 'a?b?c?d?'],
  ['what nobody sees', 'a\u200bb\ufeffc\u00ad', 'a?b?c?'],
  ['letters and halves of them', 'ñ\ud800', '??'],
  ['nothing else', ' ~Az09"\\', ' ~Az09"\\'],
])('a text from outside cannot move the cursor: %s', (_case, text, shown) => {
  expect(printable(text)).toBe(shown);
});
