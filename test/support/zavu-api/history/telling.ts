import type { EventType } from '../../../../lambda/zavu/catalogue.ts';
import type { Envelope } from '../../../../lambda/zavu/envelope.ts';
import type { Version } from '../project.ts';
import type { Draw } from './draw.ts';

/** An event that Zavu sends of something, and when it sends it first, in milliseconds. */
export interface SimulatedWebhook {
  at: number;
  envelope: Envelope;
}

/** What Zavu says of something that changed. */
interface Said {
  type: EventType;
  data: Record<string, unknown>;
  senderId?: string;
}

/** The longest time from a change to its webhook. */
const maxDispatchMs = 900;

/** Collects what happens in a project: how its objects change, and what its webhooks say of it. */
export class Telling {
  readonly versions: Version[] = [];
  readonly webhooks: SimulatedWebhook[] = [];
  readonly #draw: Draw;
  readonly #projectId: string;

  constructor(draw: Draw, projectId: string) {
    this.#draw = draw;
    this.#projectId = projectId;
  }

  /** An object is made or changes, and a webhook tells it if something is said. */
  happens(version: Version, said?: Said): void {
    this.versions.push(version);
    if (!said) return;
    const at = version.at + this.#draw.between(0, maxDispatchMs);
    const { type, data, senderId } = said;
    this.webhooks.push({
      at,
      envelope: {
        id: this.#draw.id(`evt_${at}_`),
        type,
        timestamp: at,
        ...(senderId === undefined ? {} : { senderId }),
        projectId: this.#projectId,
        data,
      },
    });
  }
}

export const iso = (ms: number) => new Date(ms).toISOString();
