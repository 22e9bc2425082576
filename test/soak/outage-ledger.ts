/** A webhook of the outage that arrives after all, and what became of it. */
export interface LateOriginal {
  id: string;
  /** Whether it arrives within Zavu's longest ladder: before anything is rebuilt. */
  isInLadder: boolean;
  /** `superseded`: it was found to be a duplicate of the event that was rebuilt in its place. */
  outcome: 'handled' | 'superseded' | 'lost';
}

/** What is known of a day with an outage when all of it is settled and reconciled. */
export interface OutageLedger {
  seed: number;
  messages: number;
  /** Webhooks that never arrived. Zavu's API does not tell all of them: of a message it has the present status alone. */
  lost: number;
  late: readonly LateOriginal[];
  /** Rebuilt events that were handled. */
  recovered: number;
  /** By a run after one that came to its end; NaN if it did not come to its own end. */
  recoveredBySecondRun: number;
  /** What Zavu's API tells and nobody knows. */
  missing: readonly string[];
  /** What handlers were run for twice. */
  handledTwice: readonly string[];
  /** Events that were rebuilt though what they are about had been handled. */
  needless: readonly string[];
  /** Bounds that runs have hit, and lists that looked unordered. */
  bounds: readonly string[];
  runs: { whole: number; endedEarly: number; twoAtOnce: number; overtaken: number };
  /** To Zavu's API. */
  requests: number;
}

/** What breaks a promise in a day with an outage, in sentences. */
export function violationsOf(ledger: OutageLedger): string[] {
  const { seed, late, missing, handledTwice, needless, bounds, runs } = ledger;
  const sentences = [
    ...missing.map((subject) => `${subject} is missing.`),
    ...handledTwice.map((what) => `${what} was handled twice.`),
    ...needless.map((id) => `${id} was rebuilt though it had been handled.`),
    ...bounds.map((bound) => `A run has hit the bound, or found the list without order: ${bound}.`),
    ...late.flatMap(({ id, isInLadder, outcome }) => {
      if (outcome === 'lost')
        return [`${id} came late, and was neither handled nor a duplicate of a rebuilt event.`];
      if (outcome === 'superseded' && isInLadder)
        return [`${id} came within the ladder, and was rebuilt before.`];
      return [];
    }),
  ];
  if (ledger.recoveredBySecondRun !== 0)
    sentences.push(`A second run recovered ${ledger.recoveredBySecondRun} events.`);
  if (ledger.lost === 0 || ledger.recovered === 0 || runs.endedEarly === 0)
    sentences.push('Nothing was lost, nothing was recovered or no run ended early, so it shows nothing.');
  return sentences.map((sentence) => `Outage of seed ${seed}: ${sentence}`);
}

/** The ledgers of several days as rows for a person, one column for all. */
export function outageRows(ledgers: readonly OutageLedger[]): Record<string, number> {
  const sum = (count: (ledger: OutageLedger) => number) =>
    ledgers.reduce((total, ledger) => total + count(ledger), 0);
  const lateOf = (isInLadder: boolean, outcome: LateOriginal['outcome']) =>
    sum(
      ({ late }) => late.filter((each) => each.isInLadder === isInLadder && each.outcome === outcome).length,
    );
  return {
    'simulated days with an outage of 3 h': ledgers.length,
    'messages of these days': sum(({ messages }) => messages),
    'events that never arrived': sum(({ lost }) => lost),
    recovered: sum(({ recovered }) => recovered),
    'originals that came late, within the ladder': sum(
      ({ late }) => late.filter(({ isInLadder }) => isInLadder).length,
    ),
    '  handled, and not rebuilt': lateOf(true, 'handled'),
    'originals that came after that': sum(({ late }) => late.filter(({ isInLadder }) => !isInLadder).length),
    '  found to be duplicates': lateOf(false, 'superseded'),
    '  handled: nothing was rebuilt of it before': lateOf(false, 'handled'),
    'runs that came to their end': sum(({ runs }) => runs.whole),
    'runs ended early': sum(({ runs }) => runs.endedEarly),
    'two runs started at once': sum(({ runs }) => runs.twoAtOnce),
    'runs overtaken after their lease': sum(({ runs }) => runs.overtaken),
    'requests to Zavu': sum(({ requests }) => requests),
    'recovered by a second run': sum(({ recoveredBySecondRun }) => recoveredBySecondRun),
    missing: sum(({ missing }) => missing.length),
    'handled twice': sum(({ handledTwice }) => handledTwice.length),
    violations: sum((ledger) => violationsOf(ledger).length),
  };
}
