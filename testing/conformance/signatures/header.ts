import type { Scheme } from '../../../lambda/zavu/signature.ts';
import { behaviours, type Need, takes } from '../behaviour.ts';
import type { Judge } from '../judge.ts';
import { mac } from '../signature.ts';
import { inbound } from '../test-events.ts';

/** What is made of the parts of a header: the time, and the hex of v1 and v2. */
type Write = (t: number, v1: string, v2: string) => string | string[];

function postWith(judge: Judge, event: object, write: Write) {
  const [body, t, { secret }] = [JSON.stringify(event), judge.nowSeconds(), judge];
  return judge.post(body, { signature: write(t, mac(secret, body), mac(secret, `${t}.`, body)) });
}

/** Headers that are written in another way than Zavu's, and mean the same. */
const otherWays: readonly [string, Write][] = [
  ['has spaces around its parts', (t, _, v2) => ` t = ${t} ,  v2 = ${v2} `],
  ['has a part of an unknown scheme', (t, _, v2) => `t=${t},v3=00,v2=${v2}`],
  ['has empty parts and parts without a value', (t, _, v2) => `,t=${t},,nonsense,=,x=,v2=${v2},`],
  ['has v2 before t', (t, _, v2) => `v2=${v2},t=${t}`],
  ['has v1 before v2 before t', (t, v1, v2) => `v1=${v1},v2=${v2},t=${t}`],
  ['has v2 twice, once right', (t, v1, v2) => `t=${t},v2=${v1},v2=${v2}`],
  ['has v2 twice, once as something that is no hex', (t, _, v2) => `t=${t},v2=no hex,v2=${v2}`],
  ['has a v1 that is no hex beside a right v2', (t, _, v2) => `t=${t},v1=no hex,v2=${v2}`],
  ['has a wrong v1 beside a right v2', (t, _, v2) => `t=${t},v1=${v2},v2=${v2}`],
  ['has an empty sha256 beside a right v2', (t, _, v2) => `sha256=,t=${t},v2=${v2}`],
  ['is sent twice, with t in one and v2 in the other', (t, _, v2) => [`t=${t}`, `v2=${v2}`]],
  ['is sent twice, once with an unknown scheme', (t, _, v2) => ['v3=00', `t=${t},v2=${v2}`]],
];

/** The word of the refusal, what the header has, and the header. */
type Refused = readonly [string, string, Write];

const neverRight: readonly Refused[] = [
  ['missing_signature', 'is empty', () => ''],
  ['missing_signature', 'holds nothing but spaces', () => '  '],
  ['tool_call_signature', "is an agent tool call's, hex alone", (_t, v1) => v1],
  ['malformed_signature', 'has no known scheme', (t) => `t=${t},v9=00`],
  ['malformed_signature', 'is a word', () => 'foo'],
  ['malformed_signature', "has its scheme's name in capitals", (t, _, v2) => `t=${t},V2=${v2}`],
];

/** Each is what the scheme says that decides: if the target does not accept that, a part beside it would decide. */
const decidedBy: Readonly<Record<Scheme, readonly Refused[]>> = {
  v2: [
    ['malformed_signature', 'has upper-case hex', (t, _, v2) => `t=${t},v2=${v2.toUpperCase()}`],
    ['malformed_signature', 'has hex that is cut short', (t, _, v2) => `t=${t},v2=${v2.slice(1)}`],
    ['malformed_signature', 'has hex that goes on', (t, _, v2) => `t=${t},v2=${v2}00`],
    ['malformed_signature', 'has hex in quotes', (t, _, v2) => `t=${t},v2="${v2}"`],
    [
      'malformed_signature',
      'has hex that is cut short, even beside a valid v1',
      (t, v1, v2) => `t=${t},v1=${v1},v2=${v2.slice(1)}`,
    ],
    ['malformed_signature', 'has no t', (_t, _v1, v2) => `v2=${v2}`],
    ['malformed_signature', 'has an empty t', (_t, _v1, v2) => `t=,v2=${v2}`],
    ['malformed_signature', 'has t twice', (t, _, v2) => `t=${t},t=${t},v2=${v2}`],
    ['malformed_signature', 'has more than digits in t', (t, _, v2) => `t=${t}s,v2=${v2}`],
    ['malformed_signature', 'has t in hex', (t, _, v2) => `t=0x${t.toString(16)},v2=${v2}`],
    ['malformed_signature', 'has t with a fraction', (t, _, v2) => `t=${t}.0,v2=${v2}`],
    ['malformed_signature', 'has t with a sign', (t, _, v2) => `t=-${t},v2=${v2}`],
    [
      'malformed_signature',
      'is sent twice as a whole, so that it has t twice',
      (t, _, v2) => Array(2).fill(`t=${t},v2=${v2}`),
    ],
    ['invalid_signature', 'has another t than was signed', (t, _, v2) => `t=${t - 1},v2=${v2}`],
    [
      'invalid_signature',
      'has another t than was signed, even beside a valid v1',
      (t, v1, v2) => `t=${t - 1},v1=${v1},v2=${v2}`,
    ],
    ['invalid_signature', "has v1's hex as v2", (t, v1) => `t=${t},v2=${v1}`],
    ['invalid_signature', 'has 120 wrong values of v2', (t, v1) => `t=${t}${`,v2=${v1}`.repeat(120)}`],
  ],
  v1: [
    ['malformed_signature', 'has no t', (_t, v1) => `v1=${v1}`],
    ['invalid_signature', "has v2's hex as v1", (t, _, v2) => `t=${t},v1=${v2}`],
  ],
  sha256: [['invalid_signature', "has v2's hex as sha256", (_t, _v1, v2) => `sha256=${v2}`]],
};

export const headerBehaviours = behaviours('signature header', (behaviour) => {
  for (const [what, write] of otherWays) {
    behaviour(
      `that is written in another way is accepted if it ${what}`,
      async (judge) => {
        const event = inbound();
        await judge.handled(await postWith(judge, event, write), event);
      },
      takes('v2'),
    );
  }

  behaviour(
    'of sha256 is accepted if it is sent twice with the same value',
    async (judge) => {
      const event = inbound();
      const write: Write = (_, v1) => [`sha256=${v1}`, `sha256=${v1}`];
      await judge.handled(await postWith(judge, event, write), event);
    },
    takes('sha256'),
  );

  behaviour('is found if its name is written in capitals', async (judge) => {
    const event = inbound();
    const headers = { 'X-ZAVU-SIGNATURE': judge.signed(event) };
    await judge.handled(await judge.post(event, { signature: null, headers }), event);
  });

  behaviour('that is missing is refused as missing_signature', async (judge) => {
    const event = inbound();
    judge.refused(await judge.post(event, { signature: null }), 401, 'missing_signature', event.id);
  });

  const refuses = (cases: readonly Refused[], begin = '', need?: Need) => {
    for (const [error, what, write] of cases) {
      behaviour(
        `${begin}is refused as ${error} if it ${what}`,
        async (judge) => {
          const event = inbound();
          judge.refused(await postWith(judge, event, write), 401, error, event.id);
        },
        need,
      );
    }
  };
  refuses(neverRight);
  for (const scheme of ['v2', 'v1', 'sha256'] as const) {
    refuses(decidedBy[scheme], `that ${scheme} decides `, takes(scheme));
  }
});
