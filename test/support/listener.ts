import { EventEmitter, on } from 'node:events';
import mqtt from 'mqtt';
import { onTestFinished } from 'vitest';

/** A message as a client receives it. */
export type ReceivedMessage = {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
  readonly qos: number;
};

/** Another client at the broker, which receives the messages that match a filter and can publish. */
export type Listener = {
  readonly received: ReceivedMessage[];
  readonly client: mqtt.MqttClient;
  /** Resolves with the first message that fits, received already or later; rejects if there is none within 100 seconds. */
  until(fits: (message: ReceivedMessage) => boolean): Promise<ReceivedMessage>;
};

/** Opens a listener that disconnects when the test ends. */
export async function openListener(url: string, filter: string, options: mqtt.IClientOptions = {}): Promise<Listener> {
  const listener = await connectListener(url, filter, options);
  onTestFinished(() => void listener.client.end(true));
  return listener;
}

/** Opens a listener for several tests; the caller must end its client. */
export async function connectListener(
  url: string,
  filter: string,
  options: mqtt.IClientOptions = {},
  /** keep the retain flag as published (MQTT 5 §3.8.3.1) */
  asPublished = false,
): Promise<Listener> {
  const client = await mqtt.connectAsync(url, { protocolVersion: 5, reconnectPeriod: 200, ...options });
  const received: ReceivedMessage[] = [];
  const news = new EventEmitter();
  news.setMaxListeners(0);
  client.on('message', (topic, payload, { retain, qos }) => {
    const message = { topic, payload: payload.toString(), retain, qos };
    received.push(message);
    news.emit('message', message);
  });
  await client.subscribeAsync(filter, { qos: 1, rap: asPublished });
  return {
    received,
    client,
    async until(fits) {
      const found = received.find(fits);
      if (found !== undefined) return found;
      const signal = AbortSignal.timeout(100_000);
      try {
        for await (const [message] of on(news, 'message', { signal }) as AsyncIterable<[ReceivedMessage]>)
          if (fits(message)) return message;
      } catch {
        const last = received.slice(-5).map(({ topic, payload }) => `${topic} ${payload.slice(0, 200)}`);
        throw new Error(`no such message within 100 s: ${fits.toString()}; the last ones: ${last.join('; ')}`);
      }
      throw new Error('the listener ended');
    },
  };
}
