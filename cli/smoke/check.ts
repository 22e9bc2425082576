import Table from 'cli-table3';

/** What a smoke test found out about one thing. */
export interface Check {
  name: string;
  /** `unproven`: nothing is wrong, and nothing was shown either. A person has to look. */
  result: 'ok' | 'failed' | 'unproven';
  /** What was seen or, where it failed, what to do. */
  detail: string;
}

/** The widest that a detail's column is: with the others it fits a terminal of 120 characters. */
const detailWidth = 76;

/** The checks as a table, in the order in which they were made. */
export function checksTable(checks: readonly Check[]): string {
  const table = new Table({
    head: ['check', 'result', 'detail'],
    colWidths: [null, null, detailWidth],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const { name, result, detail } of checks) table.push([name, result, detail]);
  return table.toString();
}

/** Runs a check. What it throws makes it failed. */
export async function check(name: string, run: () => Promise<Omit<Check, 'name'>>): Promise<Check> {
  try {
    return { name, ...(await run()) };
  } catch (error) {
    return { name, result: 'failed', detail: error instanceof Error ? error.message : String(error) };
  }
}
