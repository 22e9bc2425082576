import { type ILogGroup, QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import { Construct, type IConstruct } from 'constructs';
import { deploymentName } from '../deployment.ts';

/** The query that the alarm of drift names. */
export const driftQuery = 'Drift by type and path';

/** A query's name with the folder that it has in the console: the deployment's. */
export function savedQueryName(scope: IConstruct, name: string): string {
  return `${deploymentName(scope)}/${name}`;
}

interface SavedQueriesProps {
  receiver: ILogGroup;
  workers: readonly ILogGroup[];
}

/** Questions that come up on call, saved in Logs Insights. */
export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, { receiver, workers }: SavedQueriesProps) {
    super(scope, id);
    const save = (name: string, logGroups: readonly ILogGroup[], query: QueryString) =>
      new QueryDefinition(this, name.replaceAll(' ', ''), {
        queryDefinitionName: savedQueryName(this, name),
        queryString: query,
        logGroups: [...logGroups],
      });
    const all = [receiver, ...workers];
    const course = [
      '@timestamp',
      'message',
      'outcome',
      'reason',
      'worker',
      'attempt',
      'ms',
      'error',
      'trace',
    ];

    save(
      'An event by its id',
      all,
      new QueryString({
        fields: course,
        filterStatements: ["id = 'evt_...'"],
        sort: '@timestamp asc',
        limit: 1000,
      }),
    );
    save(
      'A message by its id',
      workers,
      new QueryString({
        fields: ['@timestamp', 'type', 'message', 'outcome', 'ms', 'lagMs', 'errorCode', 'id'],
        filterStatements: ["messageId = 'msg_...'"],
        sort: '@timestamp asc',
        limit: 1000,
      }),
    );
    save(
      'Rejected deliveries',
      [receiver],
      new QueryString({
        filterStatements: ["outcome in ['rejected', 'unavailable']"],
        statsStatements: ['count(*) as requests, max(@timestamp) as latest by status, reason, detail'],
        sort: 'requests desc',
      }),
    );
    save(
      'Signature schemes',
      [receiver],
      new QueryString({
        // A refused request has a scheme, too, if its signature was good: it does not count for how senders sign.
        filterStatements: ["ispresent(scheme) and outcome != 'rejected'"],
        statsStatements: ['count(*) as requests, max(@timestamp) as latest by scheme'],
        sort: 'requests desc',
      }),
    );
    save(
      'Slowest handlers',
      workers,
      new QueryString({
        filterStatements: ["outcome = 'handled'"],
        statsStatements: [
          'count(*) as events, pct(ms, 50) as p50, pct(ms, 99) as p99, max(ms) as slowest, pct(lagMs, 99) as lag99 by worker, type',
        ],
        sort: 'p99 desc',
      }),
    );
    save(
      'Failures by reason',
      workers,
      new QueryString({
        filterStatements: ["outcome in ['retried', 'dead_lettered']"],
        statsStatements: [
          'count(*) as events, max(@timestamp) as latest by worker, type, outcome, reason, error',
        ],
        sort: 'events desc',
      }),
    );
    save(
      driftQuery,
      workers,
      new QueryString({
        filterStatements: ["message = 'drift'"],
        statsStatements: ['count(*) as lines, max(@timestamp) as latest by worker, type, path'],
        sort: 'lines desc',
      }),
    );
  }
}
