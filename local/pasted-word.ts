/**
 * A word of a command that a person is told to paste, as a shell reads it: PowerShell on Windows. Ids and types come from
 * outside, and could be more than a word.
 *
 * @param platform whose shell it is, as `process.platform` names it
 */
export function pastedWord(word: string, platform: NodeJS.Platform = process.platform): string {
  if (/^[\w.:/=-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", platform === 'win32' ? "''" : `'\\''`)}'`;
}
