import { isRecord, parseJson } from '../../../lambda/shared/json.ts';

/** From what says most to what says least. Lambda itself writes DEBUG, INFO and WARN. */
const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;

export type LogLevel = (typeof levels)[number];

/** How a function logs. */
export type Logging =
  | { format: 'Text' }
  /** Only lines of these levels and worse are stored: those of the function's code, and those of Lambda. */
  | { format: 'JSON'; application: LogLevel; system: LogLevel };

/** `LoggingConfig` of a function in a template. */
export interface LoggingConfig {
  LogFormat?: string;
  ApplicationLogLevel?: LogLevel;
  SystemLogLevel?: LogLevel;
}

/**
 * How a function logs, by its template. Text is Lambda's default, and INFO that of both levels.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 */
export function loggingOf(config: LoggingConfig = {}): Logging {
  if (config.LogFormat !== 'JSON') return { format: 'Text' };
  const { ApplicationLogLevel: application = 'INFO', SystemLogLevel: system = 'INFO' } = config;
  return { format: 'JSON', application, system };
}

/** Whether a line of a level is stored. */
export function isStored(level: LogLevel, least: LogLevel): boolean {
  return levels.indexOf(level) >= levels.indexOf(least);
}

/** Whether what a function prints is stored: text is, whatever it says. */
export function isPrintStored(text: string, logging: Logging): boolean {
  return logging.format === 'Text' || isStored(levelOf(text), logging.application);
}

/** The level of a printed line. INFO is that of a text, of metrics, and of a line whose level or time is none. */
function levelOf(text: string): LogLevel {
  const line = text.startsWith('{') ? parseJson(text) : undefined;
  if (!isRecord(line) || typeof line.level !== 'string' || !isTime(line.timestamp)) return 'INFO';
  const said = line.level.toUpperCase();
  return levels.find((level) => level === said) ?? 'INFO';
}

/** @see https://www.rfc-editor.org/rfc/rfc3339 */
function isTime(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}
