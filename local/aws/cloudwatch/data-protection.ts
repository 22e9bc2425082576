import * as z from 'zod';
import type { Resource } from '../template/assembly.ts';
import type { Resolve } from '../template/intrinsics.ts';

/** How AWS's own identifiers find something, as far as AWS says how. */
const managed: Readonly<Record<string, RegExp>> = { EmailAddress: /[\w.+-]+@[\w-]+\.[\w.-]+/ };

/** AWS's own identifiers that AWS does not describe closely enough: the local run finds nothing by them. */
const notFoundHere = /^(AwsSecretKey|PhoneNumber-[A-Z]{2})$/;

const policyShape = z.object({
  Statement: z.array(
    z.object({ DataIdentifier: z.array(z.string()), Operation: z.record(z.string(), z.unknown()) }),
  ),
  Configuration: z
    .object({
      CustomDataIdentifier: z
        .array(
          z.strictObject({
            Name: z.string(),
            Regex: z
              .string()
              .max(200, 'AWS takes at most 200 characters')
              .regex(/^[^()]*$/, 'AWS takes no parentheses'),
          }),
        )
        .max(10, 'AWS takes at most ten'),
    })
    .default({ CustomDataIdentifier: [] }),
});

/**
 * What the data protection policies of log groups find: by identifiers of the template's own, and by AWS's for mail
 * addresses. AWS's identifiers for telephone numbers and secret keys find nothing here.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL-custom-data-identifiers.html
 */
export class DataProtection {
  readonly #audited = new Map<string, RegExp[]>();

  /** @throws Error naming the log group, and an identifier that AWS would refuse or that is not known here */
  constructor(resources: Readonly<Record<string, Resource>>, resolve: Resolve) {
    for (const [id, { Type, Properties }] of Object.entries(resources)) {
      if (Type !== 'AWS::Logs::LogGroup' || Properties.DataProtectionPolicy === undefined) continue;
      const { data, error } = policyShape.safeParse(resolve(Properties.DataProtectionPolicy));
      if (error) throw new Error(`The data protection policy of ${id}: ${z.prettifyError(error)}`);
      this.#audited.set(String(resolve({ Ref: id })), auditedBy(data, id));
    }
  }

  /** Whether a line has something that the policy of its log group looks for. */
  finds(logGroup: string, line: string): boolean {
    return this.#audited.get(logGroup)?.some((pattern) => pattern.test(line)) ?? false;
  }
}

function auditedBy({ Statement, Configuration }: z.infer<typeof policyShape>, logGroup: string): RegExp[] {
  const own = new Map(Configuration.CustomDataIdentifier.map(({ Name, Regex }) => [Name, new RegExp(Regex)]));
  return Statement.filter(({ Operation }) => 'Audit' in Operation)
    .flatMap(({ DataIdentifier }) => DataIdentifier)
    .flatMap((identifier) => {
      const name = identifier.replace(/^arn:aws[\w-]*:dataprotection::aws:data-identifier\//, '');
      const pattern = own.get(name) ?? (Object.hasOwn(managed, name) ? managed[name] : undefined);
      if (!pattern && !notFoundHere.test(name)) {
        throw new Error(`The local run does not know the data identifier ${name}, of ${logGroup}.`);
      }
      return pattern ?? [];
    });
}
