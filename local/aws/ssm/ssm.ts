import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import { isRecord } from '../../../lambda/shared/json.ts';
import { type Assembly, resourcesOfType } from '../template/assembly.ts';
import { parameterArn } from '../template/intrinsics.ts';
import type { Resolve } from '../template/resolve.ts';

/** A parameter, as SSM gives it. */
interface Parameter {
  Name: string;
  Type: string;
  Value: string;
  Version: number;
  ARN: string;
  DataType: string;
}

/** The parameters of a template. */
export function parametersOf(assembly: Pick<Assembly, 'resources'>, resolve: Resolve): Parameter[] {
  return resourcesOfType(assembly, 'AWS::SSM::Parameter').map(([id, properties]) => {
    const { Type, Value } = resolve(properties) as { Type: string; Value: string };
    const Name = String(resolve({ Ref: id }));
    return { Name, Type, Value, Version: 1, ARN: parameterArn(Name), DataType: 'text' };
  });
}

/**
 * Creates the part of SSM that functions use most: GetParameter and GetParameters.
 *
 * @param parameters those that it has at the time of a call
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 */
export function createSsm(parameters: () => readonly Parameter[]): Server {
  const find = (name: unknown) => parameters().find(({ ARN }) => ARN === parameterArn(String(name)));
  return createServer(async (request, response) => {
    const call: unknown = await json(request).catch(() => undefined);
    const { Name, Names = [] } = isRecord(call) ? call : {};
    const reply = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    const action = String(request.headers['x-amz-target']).split('.').at(-1);
    if (action === 'GetParameters' && Array.isArray(Names)) {
      const found = Names.flatMap((name) => find(name) ?? []);
      return reply(200, { Parameters: found, InvalidParameters: Names.filter((name) => !find(name)) });
    }
    if (action !== 'GetParameter') {
      return reply(400, { __type: 'NotEmulated', message: `${action} of SSM is not emulated.` });
    }
    const parameter = find(Name);
    if (parameter) return reply(200, { Parameter: parameter });
    return reply(400, { __type: 'ParameterNotFound', message: `There is no parameter ${Name}.` });
  });
}
