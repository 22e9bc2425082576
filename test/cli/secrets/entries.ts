/** When the tests of the list take place, and an end that has not come then. */
export const now = Date.parse('2026-11-01T12:00:00Z');
export const later = '2026-11-01T12:05:00.000Z';

/** An entry without other fields, one that is bound to its sender, and one that only has its name. */
export const free = { secret: 'whsec_free_a_0001' };
export const chile = { secret: 'whsec_chile_0002', name: 'snd_cl', sender: 'snd_cl' };
export const peru = { secret: 'whsec_peru_a_0003', name: 'snd_pe' };
