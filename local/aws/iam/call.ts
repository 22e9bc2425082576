/** One call of an AWS API, as IAM sees it. */
export interface Call {
  /** Who calls: a role's ARN, or a service such as `apigateway.amazonaws.com`. */
  principal: string;
  /** For example `sqs:SendMessage`. */
  action: string;
  /** ARN of what is called. */
  resource: string;
  /** Values that conditions ask for, such as `aws:SourceArn`. */
  context?: Readonly<Record<string, string>>;
}
