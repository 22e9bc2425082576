import type { AwsCall } from '../aws/endpoint/aws-call.ts';
import { emulatedServices } from '../aws/endpoint/emulated-services.ts';
import type { Grant } from '../aws/iam/iam.ts';
import type { Assembly } from '../aws/template/assembly.ts';
import { account, region } from '../aws/template/environment.ts';
import type { Resolve } from '../aws/template/resolve.ts';
import { secretVariable } from './secrets.ts';

/** The resources that functions call by name: by type, the attribute that is their ARN. */
const arnAttributes: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::GlobalTable': 'Arn',
  'AWS::DynamoDB::Table': 'Arn',
  'AWS::SNS::Topic': 'TopicArn',
  'AWS::SQS::Queue': 'Arn',
  'AWS::SSM::Parameter': 'Arn',
  'AWS::SecretsManager::Secret': 'Id',
};

/** What people call such a resource, by its service. */
const nouns = {
  dynamodb: 'table',
  secretsmanager: 'secret',
  sns: 'topic',
  sqs: 'queue',
  ssm: 'parameter',
} as const;

/** A secret that the app imports: it is there if a variable gives its text. */
interface ImportedSecret {
  arn: string;
  variable: string;
}

/** What the functions of a deployment may call by name and the template does not have, because the app imports it. */
export class AbsentResources {
  readonly #present: ReadonlySet<string>;
  /** ARNs of what the policies allow by name and is not here. */
  readonly #granted: readonly string[];

  /**
   * @param grants what the template's policies allow
   * @param variables that the local run has, for the texts of secrets
   */
  constructor(
    { resources }: Pick<Assembly, 'resources'>,
    resolve: Resolve,
    grants: readonly Grant[],
    variables: Readonly<Record<string, string | undefined>>,
  ) {
    const present = new Set(
      Object.entries(resources).flatMap(([id, { Type }]) => {
        const attribute = arnAttributes[Type];
        return attribute === undefined ? [] : [String(resolve({ 'Fn::GetAtt': [id, attribute] }))];
      }),
    );
    const named = grants
      .filter(({ principal }) => principal.startsWith('arn:'))
      .map(({ resource }) => resource.replace(/(secret:.*)-\?{6}$/, '$1-000000'))
      .filter((resource) => nounOf(resource) !== undefined && !/[*?]|\/index\//.test(resource));
    this.#granted = [...new Set(named)].filter((each) => !present.has(each));
    const given = this.importedSecrets.filter(({ variable }) => variables[variable] !== undefined);
    this.#present = new Set([...present, ...given.map(({ arn }) => arn)]);
  }

  get importedSecrets(): ImportedSecret[] {
    return this.#granted
      .filter((resource) => nounOf(resource) === 'secret')
      .map((resource) => ({ arn: resource, variable: secretVariable(nameOf(resource)) }));
  }

  /** What is imported and not here, in words: `table customers`. */
  get words(): string[] {
    return this.#granted
      .filter((resource) => !this.#present.has(resource))
      .map((resource) => `${nounOf(resource)} ${nameOf(resource)}`);
  }

  /** Why a call cannot be answered, if what it names is not here, and what to do; undefined if it is. */
  absence({ service, resource: called }: Pick<AwsCall, 'service' | 'resource'>): string | undefined {
    // An index is where its table is.
    const resource = called.replace(/\/index\/[^/]+$/, '');
    const noun = nounOf(resource);
    if (noun === undefined || this.#present.has(resource)) return undefined;
    const name = nameOf(resource);
    if (noun === 'secret') {
      return `The secret ${name} is not in this stack, so it has no text here. Set ${secretVariable(name)}, in .env.local or in the environment.`;
    }
    const { title, elsewhere } = emulatedServices[service as keyof typeof nouns];
    const instead = elsewhere
      ? `, or start the local run with $${elsewhere} set to an endpoint of ${title} that has it`
      : '';
    return `The ${noun} ${name} is not in this stack, so it is not here. Put it into the stack when the app runs here${instead}.`;
  }
}

function nounOf(arn: string): (typeof nouns)[keyof typeof nouns] | undefined {
  const service = arn.split(':')[2] ?? '';
  return Object.entries(nouns).find(([name]) => name === service)?.[1];
}

/** The name at the end of an ARN: without the six characters of a secret's, and whole if it is of another account or region. */
function nameOf(arn: string): string {
  const [, , service, inRegion, ofAccount, ...rest] = arn.split(':');
  if (inRegion !== region || ofAccount !== account) return arn;
  const name = rest.join(':').replace(/^(table\/|secret:|parameter\/)/, '');
  return service === 'secretsmanager' ? name.replace(/-\w{6}$/, '') : name;
}
