import { account } from '../template/environment.ts';
import type { ResourceType, ServiceCall, TemplateResource } from './resource-type.ts';

/** EventBridge: what its rules call. A bus and its archive call nothing. */
export const eventBusTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::Events::EventBus': { properties: ['Description', 'Name', 'Tags'] },
  'AWS::Events::EventBusPolicy': { properties: ['EventBusName', 'Statement', 'StatementId'] },
  'AWS::Events::Archive': {
    properties: [
      'ArchiveName',
      'Description',
      'EventPattern',
      'KmsKeyIdentifier',
      'RetentionDays',
      'SourceArn',
    ],
    /**
     * It fills itself by a rule that EventBridge makes, and that needs no permission.
     *
     * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html
     */
    calls(archive) {
      // If it is empty, the key is AWS's own.
      if (archive.text('KmsKeyIdentifier') !== '') throw archive.unknown('KmsKeyIdentifier');
      return [];
    },
  },
  'AWS::Events::Rule': {
    properties: [
      'Description',
      'EventBusName',
      'EventPattern',
      'Name',
      'ScheduleExpression',
      'State',
      'Targets',
    ],
    calls: (rule) => ((rule.get('Targets') ?? []) as Target[]).map((target) => invocation(rule, target)),
  },
};

interface Target {
  Id: string;
  Arn: string;
}

/**
 * A rule calls its target by the target's own policy. Without it the rule counts a failed invocation, and that is all.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-lambda-permissions
 */
function invocation(rule: TemplateResource, target: Target): ServiceCall {
  rule.expects(['Arn', 'Id', 'Input', 'InputPath', 'InputTransformer', 'RetryPolicy'], target, 'Targets');
  if (!target.Arn.startsWith('arn:aws:lambda:')) throw rule.unknown(`the target ${target.Arn}`);
  return {
    from: rule.id,
    call: {
      principal: 'events.amazonaws.com',
      action: 'lambda:InvokeFunction',
      resource: target.Arn,
      context: {
        'aws:SecureTransport': 'true',
        'aws:SourceAccount': account,
        'aws:SourceArn': rule.attribute('Arn'),
      },
    },
    consequence: 'start nothing',
  };
}
