import { tellCall } from './history/calls.ts';
import { Conversation } from './history/conversations.ts';
import { Draw } from './history/draw.ts';
import { newPerson, reaches } from './history/people.ts';
import { tellBroadcast, tellInvitation, tellTemplate } from './history/project-level.ts';
import { type SimulatedWebhook, Telling } from './history/telling.ts';
import type { Version } from './project.ts';

interface HistoryProps {
  /** The same seed gives the same history. */
  seed: number;
  projectId: string;
  /** Of all conversations and calls, in turn. */
  senderIds: readonly [string, ...string[]];
  /** When the first thing may happen, in milliseconds. */
  from: number;
  /** When the last thing may begin, in milliseconds. What has begun goes on after that, for a day at most. */
  to: number;
  /**
   * How many messages. From 200 on, every channel, kind of content and status occurs. There are fewer calls, and few of the
   * rest.
   */
  messages: number;
}

/** What happened in a project of Zavu's. */
export interface History {
  /** How its objects were, in the order of time: for `StandInProject.load`. */
  versions: readonly Version[];
  /** What Zavu sent of it, or would have sent, in the order of time. */
  webhooks: readonly SimulatedWebhook[];
}

/** How many messages each person has. */
const messagesPerPerson = 8;

/** Invents what happened in a project, as the API shows it and as webhooks tell it. */
export function simulateHistory({ seed, projectId, senderIds, from, to, messages }: HistoryProps): History {
  const draw = new Draw(seed);
  const telling = new Telling(draw, projectId);
  const count = Math.max(reaches.length, Math.ceil(messages / messagesPerPerson));
  const conversations = Array.from(
    { length: count },
    (_, index) => new Conversation(newPerson(index, draw, senderIds), index, draw, telling),
  );
  const times = (length: number) =>
    Array.from({ length }, () => draw.between(from, to)).sort((one, other) => one - other);
  const senderOf = (index: number) => senderIds[index % senderIds.length] ?? senderIds[0];

  for (const [index, at] of times(messages).entries()) {
    // Everybody writes once before it is by chance.
    conversations[index < count ? index : draw.between(0, count - 1)]?.goesOn(at);
  }
  for (const [index, at] of times(atLeast(12, messages / 20)).entries()) {
    tellCall(at, index, senderOf(index), draw, telling);
  }
  for (const [index, at] of times(atLeast(10, messages / 100)).entries()) {
    tellInvitation(at, index, draw, telling);
  }
  for (const [index, at] of times(atLeast(4, messages / 200)).entries()) {
    tellTemplate(at, index, draw, telling);
  }
  for (const [index, at] of times(atLeast(8, messages / 200)).entries()) {
    tellBroadcast(at, index, senderOf(index), draw, telling);
  }

  const byTime = (one: { at: number }, other: { at: number }) => one.at - other.at;
  return { versions: telling.versions.sort(byTime), webhooks: telling.webhooks.sort(byTime) };
}

const atLeast = (least: number, count: number) => Math.max(least, Math.ceil(count));
