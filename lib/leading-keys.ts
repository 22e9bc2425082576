import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/**
 * Grants calls of a table, but only for items whose partition keys begin with one of these prefixes and `#`.
 *
 * @param calls such as `GetItem`
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
export function grantLeadingKeys(
  table: Pick<ITable, 'tableArn'>,
  grantee: IGrantable,
  prefixes: readonly string[],
  ...calls: string[]
): void {
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: calls.map((call) => `dynamodb:${call}`),
      resources: [table.tableArn],
      conditions: {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': prefixes.map((prefix) => `${prefix}#*`) },
      },
    }),
  );
}
