import { errorText } from '../shared/error-text.ts';
import { table } from '../shared/table.ts';

/** What a smoke test found out about one thing. */
export interface Check {
  name: string;
  /** `unproven`: nothing is wrong, but nothing was shown either. A person has to look. */
  result: 'ok' | 'failed' | 'unproven';
  /** What was seen or, if the check failed, what to do. */
  detail: string;
}

/** The widest that the column of details is: with the others it fits a terminal of 120 characters. */
const detailWidth = 66;

/** The checks as a table, in the order in which they were made. */
export function checksTable(checks: readonly Check[]): string {
  return table(
    ['check', 'result', 'detail'],
    checks.map(({ name, result, detail }) => [name, result, detail]),
    { widths: [null, null, detailWidth] },
  );
}

/** Runs a check. If it throws, it has failed. */
export async function check(name: string, run: () => Promise<Omit<Check, 'name'>>): Promise<Check> {
  try {
    return { name, ...(await run()) };
  } catch (error) {
    return { name, result: 'failed', detail: errorText(error) };
  }
}
