import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { escapedXml } from '../endpoint/refusal.ts';
import type { Sns } from './sns.ts';

/**
 * Creates the part of SNS's API that commands use: GetTopicAttributes. SNS takes forms and answers in XML.
 *
 * @param sns of the deployment; undefined while there is none
 * @see https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html
 */
export function createSnsApi(sns: () => Pick<Sns, 'attributes'> | undefined): Server {
  return createServer(async (request, response) => {
    const form = new URLSearchParams(await text(request).catch(() => ''));
    const reply = (status: number, body: string) => {
      response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
    };
    const action = form.get('Action');
    if (action !== 'GetTopicAttributes')
      return reply(400, error('InvalidAction', `${action} is not known here.`));
    const topicArn = form.get('TopicArn') ?? '';
    const attributes = sns()?.attributes(topicArn);
    if (!attributes) return reply(404, error('NotFound', `There is no topic ${topicArn}.`));
    const entries = Object.entries(attributes).map(
      ([key, value]) => `<entry><key>${key}</key><value>${escapedXml(value)}</value></entry>`,
    );
    reply(
      200,
      `<GetTopicAttributesResponse><GetTopicAttributesResult><Attributes>${entries.join('')}</Attributes></GetTopicAttributesResult></GetTopicAttributesResponse>`,
    );
  });
}

function error(code: string, message: string): string {
  return `<ErrorResponse><Error><Code>${code}</Code><Message>${escapedXml(message)}</Message></Error></ErrorResponse>`;
}
