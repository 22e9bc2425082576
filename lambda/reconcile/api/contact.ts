import type Zavudev from '@zavudev/sdk';

/** Whether a contact has an address. A search finds others too: it looks at names and at parts of numbers. */
export function isReachedBy(contact: Zavudev.Contact, address: string): boolean {
  const { channels, primaryEmail }: Partial<Zavudev.Contact> = Object(contact);
  const own: readonly unknown[] = [
    primaryEmail,
    ...(Array.isArray(channels) ? channels.map((channel) => channel?.identifier) : []),
  ];
  return own.some((each) => typeof each === 'string' && each.toLowerCase() === address.toLowerCase());
}

/** The name of a contact in WhatsApp; undefined if it has none. */
export function whatsappName(contact: Zavudev.Contact | undefined): string | undefined {
  const name: unknown = contact?.profileName;
  return typeof name === 'string' && name !== '' ? name : undefined;
}
