import {
  GetEventSourceMappingCommand,
  type LambdaClient,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';

/**
 * The state of an event source mapping, in Lambda's words. While it is one that ends in `ing`, Lambda refuses a change.
 *
 * @param id of the event source mapping, a UUID
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_GetEventSourceMapping.html
 */
export async function stateOf(client: LambdaClient, id: string): Promise<string> {
  const { State = '' } = await client.send(new GetEventSourceMappingCommand({ UUID: id }));
  return State;
}

/**
 * Whether Lambda takes messages in this state, or is about to.
 *
 * @returns undefined while another change is under way, such as `Updating` of a deployment: it may end either way
 */
export function isPolling(state: string): boolean | undefined {
  if (state === 'Enabled' || state === 'Enabling') return true;
  if (state === 'Disabled' || state === 'Disabling') return false;
  return undefined;
}

/**
 * Starts or stops the polling. Lambda does it within a minute or so, and finishes the batches that it has in hand.
 *
 * @throws ResourceInUseException while an earlier change is under way
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html
 */
export async function setPolling(client: LambdaClient, id: string, isOn: boolean): Promise<void> {
  await client.send(new UpdateEventSourceMappingCommand({ UUID: id, Enabled: isOn }));
}
