import { readFileSync } from 'node:fs';
import { CfnResource, type Stack, Token } from 'aws-cdk-lib';
import type { JudgedResource } from './resource.ts';
import { findTexts, type PlacedText } from './texts.ts';

/** An event source mapping that takes from SQS. Queue and function are unknown if they are imported. */
interface SqsSource {
  mapping: JudgedResource;
  queue: JudgedResource | undefined;
  worker: JudgedResource | undefined;
}

interface TemplateFile {
  Resources: Record<
    string,
    { Type: string; Properties?: object; DeletionPolicy?: string; DependsOn?: string | string[] }
  >;
  [section: string]: object | string;
}

/** A stack's resources, and how they hang together. */
export class StackTemplate {
  readonly sqsSources: readonly SqsSource[];
  readonly #resources: ReadonlyMap<string, JudgedResource>;
  readonly #sections: Readonly<Record<string, object | string>>;
  readonly #stack: Stack;

  constructor(stack: Stack, file: string) {
    const paths = new Map(
      stack.node
        .findAll()
        .filter((construct) => CfnResource.isCfnResource(construct))
        .map((resource) => [
          stack.resolve(resource.logicalId),
          resource.node.path.replace(/\/Resource$/, ''),
        ]),
    );
    const { Resources, ...sections }: TemplateFile = JSON.parse(readFileSync(file, 'utf8'));
    this.#stack = stack;
    this.#sections = sections;
    this.#resources = new Map(
      Object.entries(Resources).map(([id, { Type, Properties, DeletionPolicy, DependsOn = [] }]) => [
        id,
        {
          id,
          type: Type,
          path: paths.get(id) ?? id,
          properties: { ...Properties },
          deletionPolicy: DeletionPolicy,
          dependsOn: [DependsOn].flat(),
        },
      ]),
    );
    this.sqsSources = this.all('AWS::Lambda::EventSourceMapping').flatMap((mapping) => {
      const { EventSourceArn, FunctionName } = mapping.properties;
      const queue = this.target(EventSourceArn, 'AWS::SQS::Queue');
      const takesFromSqs = queue !== undefined || JSON.stringify(EventSourceArn ?? '').includes(':sqs:');
      return takesFromSqs ? [{ mapping, queue, worker: this.functionOf(FunctionName) }] : [];
    });
  }

  get stackName(): string {
    return this.#stack.stackName;
  }

  every(): JudgedResource[] {
    return [...this.#resources.values()];
  }

  all(type: string): JudgedResource[] {
    return this.every().filter((resource) => resource.type === type);
  }

  /** The resource that a value refers to, if it is of this type. */
  target(value: unknown, type: string): JudgedResource | undefined {
    const found = this.reference(value);
    return found?.type === type ? found : undefined;
  }

  /** The function itself, also if a version or an alias of it is named. */
  functionOf(name: unknown): JudgedResource | undefined {
    let found = this.reference(name);
    while (found?.type === 'AWS::Lambda::Alias' || found?.type === 'AWS::Lambda::Version') {
      found = this.reference(found.properties.FunctionName);
    }
    return found?.type === 'AWS::Lambda::Function' ? found : undefined;
  }

  /** The first resource that a value refers to, however deep: an alias's name is put together from its ARN. */
  reference(value: unknown): JudgedResource | undefined {
    return this.references(value)[0];
  }

  /** The resources that a value refers to, each once. */
  references(value: unknown): JudgedResource[] {
    const ids = JSON.stringify(value ?? '').matchAll(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"|\$\{(\w+)/g);
    const found = [...ids].flatMap(
      ([, id, substituted]) => this.#resources.get(id ?? substituted ?? '') ?? [],
    );
    return [...new Set(found)];
  }

  /** The pseudo parameters in a value's JSON. A stack whose region or account is known has them as text. */
  pseudo(json: string): ReadonlySet<string> {
    const { region, account } = this.#stack;
    const known = { 'AWS::Region': region, 'AWS::AccountId': account };
    const literal = Object.entries(known).filter(
      ([, text]) => !Token.isUnresolved(text) && json.includes(text),
    );
    return new Set([...literal.map(([name]) => name), ...(json.match(/AWS::\w+/g) ?? [])]);
  }

  /** Whether a value's JSON has parts that a parameter, a resource or another stack brings. */
  isImported(json: string): boolean {
    return /"Fn::(GetAtt|ImportValue|FindInMap)"|"Ref":"(?!AWS::)|\$\{(?!AWS::)/.test(json);
  }

  /** Every text of the template, the names in it, too. */
  texts(): PlacedText[] {
    return findTexts(this.every(), this.#sections);
  }
}
