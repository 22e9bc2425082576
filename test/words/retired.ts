/** A word that this project used once and uses no more. */
export interface RetiredWord {
  word: string;
  /** What finds it. Every pattern is global. */
  pattern: RegExp;
  /** What to say instead. */
  say: string;
  /** The only files in which it counts; all without it. */
  only?: RegExp;
  /** A file that has this somewhere may say the word. */
  unlessFileHas?: RegExp;
  /** What the pattern finds and is right, with the reason: in files, or a text at the place of the hit; both, if it has both. */
  allowed?: readonly { text?: RegExp; file?: RegExp; because: string }[];
}

const documents = /\.md$/;
const inEvents =
  /\b(?:an?|each|every|no|one|the|earlier|handled|its) (?:\w+ )?(?:event|message|dead letter)s?\b/.source;

/**
 * The retired words, and what to say instead: the words of AWS and of the trade. A word is found by itself and as a
 * part of an identifier (`createRestingQueue`), never inside another word (`string`, `restore`).
 */
export const retiredWords: readonly RetiredWord[] = [
  {
    word: 'set aside',
    pattern: /\bset(?:s|ting)?[-_\s]aside\b|\bsetAside/gi,
    say: 'dead-letter (dead_lettered)',
  },
  {
    word: 'parked',
    pattern: part('park', 'parks', 'parked', 'parking'),
    say: 'unrouted: send to the unrouted queue',
  },
  {
    word: 'letter',
    // Not of `dead letter`, `dead-letter`, `deadLetter`, nor with a line's end or a comment's star between the two.
    pattern: new RegExp(
      `(?<!(?:[Dd]ead|DEAD)(?:[-_\\s]|\\*|//)*)(?:${part('letter', 'letters').source})`,
      'g',
    ),
    say: 'dead letter, message or stored message',
    allowed: [
      {
        text: /^letters?(?:,|\s+or|\s+and)[\s*]+(?:digits?|halves|figures)|^LettersAndDigits/,
        because: 'of the alphabet',
      },
      {
        text: /^letters', \(t, |^letter fills|^letter(?: or digit)? first\b|^Letter\b/,
        because: 'of the alphabet',
      },
      {
        file: /lib\/settings\/unknown\.ts$|intent\.test\.ts$|signature\w*\.test\.ts$/,
        because: 'of the alphabet',
      },
      {
        file: /alarm-rule\.test\.ts$|messages\/message\.test\.ts$|hostile\.test\.ts$/,
        because: 'of the alphabet',
      },
      { file: /printable\.test\.ts$|log-data-protection/, because: 'of the alphabet' },
    ],
  },
  { word: 'shelf', pattern: part('shelf', 'shelves'), say: 'source queue (RedriveSource)' },
  {
    word: 'memory',
    pattern: new RegExp(
      [
        /\b(?:the )?memory of (?:handled |the )?events\b/.source,
        /\bthe memory(?= (?:finds?|ends|grows|is|says|knows|does|follows|has|recognizes|covers|reaches|has (?:room|beyond))\b)/
          .source,
        /\b(?:an empty|its own|a) memory (?:of its own|and|is|for)\b/.source,
        /\b(?:throughput|first throughput) of the memory\b/.source,
      ].join('|'),
      'gi',
    ),
    say: 'idempotency records, or idempotency table (memory is RAM)',
    allowed: [{ text: /^the memory that/i, because: 'RAM' }],
  },
  { word: 'mend', pattern: part('mend', 'mends', 'mended', 'mending'), say: 'fix' },
  {
    word: 'ring',
    pattern: part('ring', 'rings', 'ringing', 'rang'),
    say: 'an alarm fires, goes off, or enters ALARM',
    allowed: [{ text: /^ringing'/, because: 'a status that a telephone call may have' }],
  },
  {
    word: 'rest',
    pattern: new RegExp(
      `${part('rests', 'resting', 'rested').source}|(?<=\\b(?:they|which|and|may|must|never|then|events|letters|messages|it|to) )rest(?= (?:in|there|for|until|already|behind)\\b)`,
      'g',
    ),
    say: 'stay, or: is kept',
  },
  {
    word: 'copy',
    pattern: new RegExp(
      [
        `\\bcop(?:y|ies) of ${inEvents}`,
        /\b(?:another|concurrent|late|later|every other|other) cop(?:y|ies)\b(?! of)/.source,
        /\bcop(?:y|ies) (?:held|holds?|comes?|came|arrives?|handled|left out|are handled|is handled|still come|can (?:still )?(?:live|come)|within)\b/
          .source,
        /\b(?:attempt|retry|attempts|retries)(?: and|,) (?:every )?cop(?:y|ies)\b/.source,
      ].join('|'),
      'gi',
    ),
    say: 'duplicate (to copy a message to a queue is right)',
  },
  {
    word: 'label',
    pattern: part('label', 'labels'),
    say: 'message attribute, or attribute',
    allowed: [
      {
        text: /^labels?\??: |^label = |^label[,}\])]|^label'|^label \{|^labels?>/,
        because: 'what a chart or a form shows',
      },
      { text: /^label (?:under|of its own|since|goes)|^label\.?$/, because: 'the staging label of a secret' },
      { text: /^label\(/, because: 'a name that is shown' },
      {
        file: /cli\/secrets\/store(?:\.test)?\.ts$|secret-versions\.ts$|0015-list-of-secrets\.md$/,
        because: 'staging labels of a secret',
      },
      {
        file: /bench\/|cloudwatch|dashboard|\.html$|\.svg$|console\//,
        because: 'what a chart or a form shows',
      },
    ],
  },
  {
    word: 'nobody',
    pattern: /--worker nobody|(?<=\bworker[:=]\s?|\bnobody = )(['"])nobody\1|"nobody" for/g,
    say: '--worker none',
  },
  { word: 'out of reach', pattern: /\bout\s+of\s+reach\b/gi, say: 'unavailable' },
  {
    word: 'the guide',
    pattern: /\b[Tt]he guide(?:['’]s)?\b/g,
    say: "Zavu's webhook guide",
    unlessFileHas: /Zavu's webhook guide/,
  },
  { word: 'sandbox', pattern: /\bsandbox(?:es)?\b/gi, say: 'execution environment', only: documents },
  {
    word: 'until',
    pattern: /["`]until["`]/g,
    say: 'expiresAt (when a secret ends)',
    only: documents,
    allowed: [{ text: /^`until`, which means the same/, because: 'the older name, which lists still have' }],
  },
  { word: 'silenceHours', pattern: /\bsilenceHours\b/g, say: 'noTrafficAlarmHours' },
  { word: 'storeContent', pattern: /\bstoreContent\b/g, say: 'storeMessageContent' },
  { word: 'by-sqs', pattern: /\bby-?sqs\b/gi, say: "SQS's own redrive, in its console" },
  { word: 'zavu-sender', pattern: /\bzavu-sender\b/g, say: '--sender' },
  { word: 'in-progress', pattern: /(['"`])in-progress\1/g, say: 'in_progress' },
  { word: 'unreadable_message', pattern: /\bunreadable_message\b/g, say: 'malformed_message' },
  { word: 'OldestMessage', pattern: /(?<!Of)\bOldestMessage\b|#oldestmessage\b/g, say: 'QueueBacklog' },
  { word: 'NotThrough', pattern: /\bNotThrough\b/g, say: 'CanaryFailed' },
  {
    word: 'most and least',
    pattern: /(?<![A-Za-z])(?:most|least)(?=[A-Z])\w*/g,
    say: 'max or min, as the first word of the name',
  },
  {
    word: 'local stack',
    pattern: /\b[Ll]ocal(?:[-\s*]|\/\/)+[Ss]tacks?\b|[Ll]ocalStack/g,
    say: 'local run, or LocalDeployment',
    allowed: [
      {
        file: /docs\/decisions\/(?:0006-local-deployment|0022-own-cloudwatch)\.md$/,
        text: /^LocalStack\b/,
        because: "another product's name",
      },
    ],
  },
  { word: 'fate', pattern: part('fate', 'fates'), say: 'disposition, or outcome' },
  { word: 'OnceGuard', pattern: /[Oo]nceGuard/g, say: 'IdempotencyStore' },
  { word: 'ReplayableSeconds', pattern: /\bReplayableSeconds\b/g, say: 'ReplayWindowSeconds' },
];

/** Words by themselves, or as a part of an identifier in camel case, in snake case or in capitals. */
function part(...words: string[]): RegExp {
  const any = (change: (word: string) => string) => `(?:${words.map(change).join('|')})`;
  const capital = any((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return new RegExp(
    [
      `(?<![A-Za-z])(?:${any((word) => word)}|${capital})(?![a-z])`,
      `(?<=[a-z])${capital}(?![a-z])`,
      `(?<![A-Za-z])${any((word) => word.toUpperCase())}(?![A-Za-z])`,
    ].join('|'),
    'g',
  );
}
