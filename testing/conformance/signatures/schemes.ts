import { sample } from '../../../lambda/zavu/samples.ts';
import { type SenderScheme, senderSchemes, sign } from '../../../lambda/zavu/sign.ts';
import { behaviours, takes } from '../behaviour.ts';
import { guideTypes } from '../guide-types.ts';
import type { Judge } from '../judge.ts';
import type { RawAnswer } from '../raw-http.ts';
import { inbound, newId } from '../test-events.ts';

interface Delivered {
  id: string;
  answers: readonly RawAnswer[];
}

const deliveries = 7;

/** Sends the guide's sample of a type, signed as Zavu signs it: five times in turn and then twice at once. */
async function deliverSample(judge: Judge, type: string, scheme: SenderScheme): Promise<Delivered> {
  const text = sample(type);
  const { id: original }: { id: string } = JSON.parse(text);
  const id = newId();
  const body = text.replace(original, id);
  const deliver = () => judge.post(body, { signature: sign(body, judge.secret, scheme, judge.nowSeconds()) });

  const answers: RawAnswer[] = [];
  for (let time = 0; time < deliveries - 2; time++) answers.push(await deliver());
  answers.push(...(await Promise.all([deliver(), deliver()])));
  return { id, answers };
}

const samplesBehaviours = (scheme: SenderScheme) => {
  const delivered = new WeakMap<Judge, ReadonlyMap<string, Promise<Delivered>>>();
  // All at once: a delivery that meets another one in progress waits, and these waits pass together.
  const deliverAll = (judge: Judge) => {
    const all = new Map(guideTypes.map((type) => [type, deliverSample(judge, type, scheme)] as const));
    // Each behaviour tells of its own.
    for (const one of all.values()) one.catch(() => undefined);
    delivered.set(judge, all);
    return all;
  };
  return behaviours(`a sample of Zavu's webhook guide, signed with ${scheme}`, (behaviour) => {
    for (const type of guideTypes) {
      behaviour(
        `is taken at each of seven deliveries, and handled once: ${type}`,
        async (judge) => {
          const { id = '', answers = [] } =
            (await (delivered.get(judge) ?? deliverAll(judge)).get(type)) ?? {};
          if (answers.length !== deliveries) throw new Error(`${answers.length} answers came.`);
          for (const answer of answers) judge.taken(answer, id);
          await judge.handledOnce(id, deliveries);
        },
        takes(scheme),
      );
    }
  });
};

const changedBodyBehaviours = behaviours('a body that is not what was signed', (behaviour) => {
  for (const scheme of senderSchemes) {
    behaviour(`is refused if a character was changed after signing with ${scheme}`, async (judge) => {
      const event = inbound('hello');
      const body = JSON.stringify(event);
      const signature = sign(body, judge.secret, scheme, judge.nowSeconds());
      const answer = await judge.post(body.replace('hello', 'hullo'), { signature });
      judge.refused(answer, 401, 'invalid_signature', event.id);
    });
  }

  behaviour(
    'under sha256 is accepted if a proxy has spaced its JSON in another way',
    async (judge) => {
      const event = inbound();
      const signature = sign(JSON.stringify(event), judge.secret, 'sha256', 0);
      await judge.handled(await judge.post(JSON.stringify(event, null, 2), { signature }), event);
    },
    takes('sha256'),
  );

  behaviour(
    'under sha256 is refused, and fails nothing, if it is 200,000 levels deep',
    async (judge) => {
      const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
      const answer = await judge.post(deep, { signature: `sha256=${'0'.repeat(64)}` });
      judge.refused(answer, 401, 'invalid_signature');
    },
    takes('sha256'),
  );

  for (const scheme of ['v1', 'v2'] as const) {
    behaviour(`is refused under ${scheme} if a proxy has spaced its JSON in another way`, async (judge) => {
      const event = inbound();
      const signature = sign(JSON.stringify(event), judge.secret, scheme, judge.nowSeconds());
      const answer = await judge.post(JSON.stringify(event, null, 2), { signature });
      judge.refused(answer, 401, 'invalid_signature', event.id);
    });
  }
});

export const schemeBehaviours = [...senderSchemes.flatMap(samplesBehaviours), ...changedBodyBehaviours];
