import { Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';

interface StoredSecretProps {
  description: string;
  /** Why AWS cannot rotate it. */
  notRotated: string;
}

/**
 * Creates a secret whose text a person stores. Until then it has a random text that nobody knows, which is good for nothing.
 */
export function createStoredSecret(
  scope: Construct,
  id: string,
  { description, notRotated }: StoredSecretProps,
): Secret {
  const secret = new Secret(scope, id, {
    description,
    // Never change these options: CloudFormation would put a new random text in the place of what is stored.
    generateSecretString: { excludePunctuation: true, passwordLength: 64 },
  });
  Validations.of(secret).acknowledge({ id: 'AwsSolutions::AwsSolutions-SMG4', reason: notRotated });
  return secret;
}
