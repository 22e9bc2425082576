export type { EventType } from '../lambda/zavu/catalogue.ts';
export type { EventOf } from '../lambda/zavu/event.ts';
export { type Conformance, type ConformanceTarget, conformance } from './conformance/conformance.ts';
export { type LogLine, type RunOptions, type RunResult, run } from './run.ts';
export { type SampleEnvelope, sample } from './sample.ts';
export { type SignOptions, sign } from './sign.ts';
