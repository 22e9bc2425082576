/** What a receiver that archives reads besides its own variables. `lib/archive/archive.ts` sets them, where it is on. */
export const archiveEnv = ['ARCHIVE_STREAM'] as const;

export type ArchiveVariable = (typeof archiveEnv)[number];
