import type { Call } from '../../../../local/aws/iam/call.ts';
import { Iam } from '../../../../local/aws/iam/iam.ts';
import { serviceCallsOf } from '../../../../local/aws/service-calls/service-calls.ts';
import type { Resource } from '../../../../local/aws/template/assembly.ts';
import { everySetting } from '../../../cfn-lint/every-setting.ts';
import { assemblyOf } from '../../../support/assembly.ts';
import { synthesizeStack } from '../../../support/template.ts';
import { idleGrantsOf, usesOf } from '../../../support/uses.ts';

type Resources = Record<string, Resource>;

/** A statement, wherever in the template it stands. */
interface Statement {
  Effect: string;
  Principal?: unknown;
  Action: string | string[];
  Resource?: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

const { alarmEmail: _, ...besides } = everySetting;
const topic = (name: string) => `arn:aws:sns:us-east-1:000000000000:${name}`;

describe.each([
  ['a topic of its own', everySetting, []],
  [
    'topics that are given',
    { ...besides, alarmTopicArn: topic('Alarms'), pagingTopicArn: topic('Pager') },
    [
      expect.stringMatching(/publish to arn:aws:sns:\S+:Alarms stands in that topic's own policy/),
      expect.stringMatching(/publish to arn:aws:sns:\S+:Pager stands in that topic's own policy/),
    ],
  ],
])('the fullest template with %s', (_case, settings, undecided) => {
  const resources: Resources = synthesizeStack(settings).toJSON().Resources;
  const { assembly, resolve } = assemblyOf(resources);
  const ofServices = serviceCallsOf(assembly, resolve);
  const calls: Call[] = [...ofServices.calls.map(({ call }) => call), ...usesOf(assembly, resolve)];
  const count = statementsOf(resources).length;
  const numbers = Array.from({ length: count }, (_, index) => index);

  /** What is denied, of all that the deployment calls, once its policies are changed. */
  function denied(change: (statements: Statement[], changed: Resources) => void): Call[] {
    const changed = structuredClone(resources);
    change(statementsOf(changed), changed);
    const { assembly: other, resolve: resolveOther } = assemblyOf(changed);
    const iam = new Iam(other, resolveOther);
    return calls.filter((call) => !iam.decide(call).allowed);
  }

  test('permits every call, and names what it does not decide', () => {
    expect(denied(() => undefined)).toEqual([]);
    expect(ofServices.undecided.toSorted()).toEqual(undecided);
    expect(count).toBeGreaterThan(50);
    // A policy that is a text would escape this test.
    expect(JSON.stringify(resources)).not.toContain('\\"Effect\\"');
  });

  test('holds no action and no resource of an Allow that can go', () => {
    const harmless = numbers.flatMap((number) =>
      ['Action', 'Resource'].flatMap((element) => {
        const values = [statementsOf(resources)[number]?.[element as 'Action'] ?? []].flat();
        return values.flatMap((value, index) => {
          const change = (statements: Statement[]) => without(statements[number], element, index);
          return denied(change).length === 0 ? [{ number, element, value }] : [];
        });
      }),
    );
    // Two for each worker: the reasons stand where they are listed.
    const idle = idleGrantsOf(assembly, resolve).map(({ action }) => action);
    expect(harmless.map(({ value }) => value).sort()).toEqual(idle.sort());
  });

  test('needs each permission to invoke a function', () => {
    const ids = Object.keys(resources).filter((id) => resources[id]?.Type === 'AWS::Lambda::Permission');
    expect(ids).toHaveLength(4);
    for (const id of ids) {
      const change = (_: Statement[], changed: Resources) => {
        delete changed[id];
      };
      expect(denied(change)).toHaveLength(1);
    }
  });

  test('needs the managed policy of each role that has one', () => {
    const ids = Object.keys(resources).filter((id) => resources[id]?.Properties?.ManagedPolicyArns);
    expect(ids).toHaveLength(5);
    for (const id of ids) {
      const change = (_: Statement[], changed: Resources) => {
        delete changed[id]?.Properties.ManagedPolicyArns;
      };
      expect(denied(change).map(({ action }) => action)).toEqual(
        expect.arrayContaining(['lambda:UpdateAlias']),
      );
    }
  });

  test('a Deny beside an Allow wins', () => {
    for (const number of numbers) {
      const change = (statements: Statement[]) => {
        const statement = statements[number];
        if (statement) statement.Effect = 'Deny';
      };
      const both = (_: Statement[], changed: Resources) => {
        const copy = structuredClone(statementsOf(changed)[number]);
        const list = listOf(changed, number);
        if (copy) list.push({ ...copy, Effect: 'Deny' });
      };
      const won = denied(both);
      expect(won).not.toEqual([]);
      expect(won).toEqual(denied(change));
    }
  });

  test('a condition of an Allow counts: its value, and the account in it', () => {
    // What the canary may look at, claims and pauses; what the keeper of pauses may, in the table and with event sources;
    // which items the reconciler may read, and where it may keep its progress; and who may publish to the topic.
    const conditioned = numbers.filter((number) => statementsOf(resources)[number]?.Condition);
    expect(conditioned).toHaveLength('alarmEmail' in settings ? 7 : 6);
    for (const number of conditioned) {
      for (const value of [[], 'arn:aws:any:us-east-1:111111111111:*']) {
        const change = (statements: Statement[]) => {
          const { Condition = {} } = statements[number] ?? {};
          for (const byKey of Object.values(Condition))
            for (const key of Object.keys(byKey)) byKey[key] = value;
        };
        expect(denied(change)).not.toEqual([]);
      }
    }
  });

  test.each([
    ['SourceArn', 'arn:aws:execute-api:us-east-1:111111111111:*'],
    ['SourceAccount', '111111111111'],
  ])('a permission that names another %s permits nothing', (name, value) => {
    const ids = Object.keys(resources).filter((id) => resources[id]?.Type === 'AWS::Lambda::Permission');
    for (const id of ids) {
      const change = (_: Statement[], changed: Resources) => {
        Object.assign(changed[id]?.Properties ?? {}, { [name]: value });
      };
      expect(denied(change)).toHaveLength(1);
    }
  });
});

/** Takes one action, or one resource, out of a statement. */
function without(statement: Statement | undefined, element: string, index: number): void {
  if (!statement) return;
  const values = [statement[element as 'Action']].flat();
  const left = values.filter((_, each) => each !== index);
  // An action and a resource that nobody calls, because a statement must have one.
  Object.assign(statement, { [element]: left.length > 0 ? left : ['none:none'] });
}

/** Every statement that allows something, in the order of the template. */
function statementsOf(resources: Resources): Statement[] {
  return Object.values(resources).flatMap((resource) => allowsIn(resource.Properties));
}

function allowsIn(value: unknown): Statement[] {
  if (Array.isArray(value)) return value.flatMap(allowsIn);
  if (typeof value !== 'object' || value === null) return [];
  if ('Effect' in value && 'Action' in value) return value.Effect === 'Allow' ? [value as Statement] : [];
  return Object.values(value).flatMap(allowsIn);
}

/** The list in which a statement stands. */
function listOf(resources: Resources, number: number): Statement[] {
  const statement = statementsOf(resources)[number];
  const lists = Object.values(resources).map(statementsIn);
  const list = lists.find((each) => statement && each.includes(statement));
  if (!list) throw new Error(`Statement ${number} is in no list.`);
  return list;
}

/** The list of statements of a resource's first policy document. */
function statementsIn(resource: Resource | undefined): Statement[] {
  const { PolicyDocument, AssumeRolePolicyDocument } = (resource?.Properties ?? {}) as Record<
    string,
    { Statement: Statement[] } | undefined
  >;
  return (PolicyDocument ?? AssumeRolePolicyDocument)?.Statement ?? [];
}
