/** Names the bus that a worker publishes on. It is set only if the setting `eventBus` is on (lib/event-bus/event-bus.ts). */
export const eventBusVariable = 'EVENT_BUS_NAME';
