/** The variables that a receiver reads in addition if the archive is on. `lib/archive/archive.ts` sets them. */
export const archiveEnv = ['ARCHIVE_STREAM'] as const;

export type ArchiveVariable = (typeof archiveEnv)[number];
