import type { StackTemplate } from './template.ts';

/** The longest that AWS has of each. */
const pseudoLengths: Readonly<Record<string, number>> = {
  'AWS::AccountId': 12,
  'AWS::Partition': 'aws-us-gov'.length,
  'AWS::Region': 'ap-southeast-1'.length,
  'AWS::URLSuffix': 'amazonaws.com.cn'.length,
};

/** The longest name that a resource may have; CloudFormation cuts those that it makes. Others: 255. */
const nameLengths: Readonly<Record<string, number>> = {
  'AWS::KinesisFirehose::DeliveryStream': 64,
  'AWS::Lambda::Function': 64,
  'AWS::Logs::LogGroup': 512,
  'AWS::S3::Bucket': 63,
  'AWS::SQS::Queue': 80,
};
const otherNames = 255;

/** A hyphen and the characters that CloudFormation ends a name with. */
const suffixLength = 14;

/** What stands before the name in an ARN or a URL: `arn:aws-us-gov:cloudwatch:ap-southeast-1:123456789012:alarm:`. */
const addressLength = 60;

/** Of these a `Ref` is the address. */
const referredByAddress = new Set(['AWS::SNS::Topic', 'AWS::SQS::Queue']);

/**
 * How many characters a value's text has once it is deployed, at most: names are longer then than logical ids. What only
 * the deployment knows (a parameter, an import) counts as nothing.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
 */
export function deployedLength(value: unknown, template: StackTemplate): number {
  if (typeof value === 'string') return value.length;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = Object(value);
  if (Array.isArray(join)) {
    const [separator, parts] = join;
    const lengths = [...parts].map((part) => deployedLength(part, template));
    return lengths.reduce((sum, length) => sum + length, 0) + separator.length * (lengths.length - 1);
  }
  if (Ref === 'AWS::StackName') return template.stackName.length;
  return (
    pseudoLengths[Ref] ??
    referenceLength(value, Array.isArray(attribute) ? attribute[1] : undefined, template)
  );
}

function referenceLength(value: unknown, attribute: string | undefined, template: StackTemplate): number {
  const found = template.reference(value);
  if (!found) return 0;
  const kind = found.type.split('::').at(-1);
  const given = found.properties[`${kind}Name`];
  const made = template.stackName.length + 1 + found.id.length + suffixLength;
  const name =
    given === undefined
      ? Math.min(made, nameLengths[found.type] ?? otherNames)
      : deployedLength(given, template);
  const isAddress =
    attribute === undefined ? referredByAddress.has(found.type) : /(Arn|Url)$/.test(attribute);
  return name + (isAddress ? addressLength : 0);
}
