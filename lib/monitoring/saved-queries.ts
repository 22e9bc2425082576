import { type ILogGroup, QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

interface SavedQueriesProps {
  /** Beginning of the queries' names: a folder in the console. */
  folder: string;
  receiver: ILogGroup;
  workers: readonly ILogGroup[];
}

/** Questions that come up on call, saved in Logs Insights. */
export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, { folder, receiver, workers }: SavedQueriesProps) {
    super(scope, id);
    const save = (name: string, logGroups: readonly ILogGroup[], query: QueryString) =>
      new QueryDefinition(this, name.replaceAll(' ', ''), {
        queryDefinitionName: `${folder}/${name}`,
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
        fields: ['@timestamp', 'type', 'message', 'outcome', 'ms', 'errorCode', 'id'],
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
      'Slowest handlers',
      workers,
      new QueryString({
        filterStatements: ["outcome = 'handled'"],
        statsStatements: [
          'count(*) as events, pct(ms, 50) as p50, pct(ms, 99) as p99, max(ms) as slowest by worker, type',
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
  }
}
