import { randomBytes } from 'node:crypto';
import { isRecord, parseJson } from '../../lambda/shared/json.ts';
import { type Assembly, resourcesOfType } from '../aws/template/assembly.ts';
import { secretArn } from '../aws/template/intrinsics.ts';
import type { Resolve } from '../aws/template/resolve.ts';

/** What the name of a variable begins with that gives a secret its text. */
export const secretPrefix = 'ZAVU_LOCAL_SECRET_';

/** A secret of the template that is not the signing secret. */
export interface UserSecret {
  arn: string;
  /** The environment variable of the local run that gives its text. */
  variable: string;
  /** Its text if that variable is not set: the template's, or a random one of the template's form. */
  text: string;
}

interface SecretProperties {
  Name?: string;
  SecretString?: string;
  GenerateSecretString?: { SecretStringTemplate?: string; GenerateStringKey?: string };
}

/**
 * The user's own secrets: every one of the template but the signing secret.
 *
 * @param signingSecretName the name of that one
 */
export function userSecrets(assembly: Assembly, resolve: Resolve, signingSecretName: string): UserSecret[] {
  return resourcesOfType(assembly, 'AWS::SecretsManager::Secret').flatMap(([id, properties]) => {
    const arn = String(resolve({ Ref: id }));
    if (arn === secretArn(signingSecretName)) return [];
    const { Name, SecretString, GenerateSecretString = {} } = resolve(properties) as SecretProperties;
    return {
      arn,
      variable: secretVariable(Name ?? id),
      text: SecretString ?? generated(GenerateSecretString),
    };
  });
}

/**
 * The variable that gives a secret its text. `prod/crm-key` is ZAVU_LOCAL_SECRET_PROD_CRM_KEY. CDK's hash at the end of a
 * logical id is left out.
 */
export function secretVariable(name: string): string {
  const words = name.replace(/[0-9A-F]{8}$/, '').replace(/[^A-Za-z0-9]+/g, '_');
  return `${secretPrefix}${words.toUpperCase()}`;
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-secretsmanager-secret-generatesecretstring.html */
function generated({
  SecretStringTemplate = '',
  GenerateStringKey,
}: NonNullable<SecretProperties['GenerateSecretString']>): string {
  const text = randomBytes(16).toString('hex');
  const fields = parseJson(SecretStringTemplate);
  if (GenerateStringKey === undefined || !isRecord(fields)) return text;
  return JSON.stringify({ ...fields, [GenerateStringKey]: text });
}
