import { Option } from '@commander-js/extra-typings';
import { UsageError } from '../shared/command.ts';

const factors: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  B: 1,
  KB: 1024,
  MB: 1024 ** 2,
};

/**
 * Reads a number with a unit: `10M` events, `2KB`.
 *
 * @param option the option that has this value, for the error
 * @throws UsageError that says what a number may look like
 */
export function parseSize(option: string, text: string): number {
  const [, digits = '', unit = ''] = text.match(/^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/) ?? [];
  const factor = Object.hasOwn(factors, unit) ? factors[unit] : undefined;
  if (!digits || factor === undefined) {
    throw new UsageError(`${option} must be a number, like 500k, 10M or 2KB. It is "${text}".`);
  }
  return Number(digits) * factor;
}

/** An option that is a number with a unit. */
export function sizeOption<Flags extends string>(flags: Flags, description: string) {
  const [name = flags] = flags.split(' ');
  return new Option(flags, description).argParser((text: string) => parseSize(name, text));
}
