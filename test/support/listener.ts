import { EventEmitter, on } from 'node:events';
import mqtt from 'mqtt';
import { onTestFinished } from 'vitest';

/** A message as a consumer sees it. */
export type Heard = {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
  readonly qos: number;
};

/** Somebody else at the broker: hears what matches a filter, and can speak. */
export type Listener = {
  readonly heard: Heard[];
  readonly client: mqtt.MqttClient;
  /** Resolves with the first message, heard already or to come, that fits. */
  until(fits: (message: Heard) => boolean): Promise<Heard>;
};

/** Opens a listener that is gone when the test ends. */
export async function openListener(url: string, filter: string, options: mqtt.IClientOptions = {}): Promise<Listener> {
  const listener = await connectListener(url, filter, options);
  onTestFinished(() => void listener.client.end(true));
  return listener;
}

/** Opens a listener for several tests; whoever opens it ends its client. */
export async function connectListener(
  url: string,
  filter: string,
  options: mqtt.IClientOptions = {},
  /** retained as it was published, not as it comes (MQTT 5 §3.8.3.1) */
  asPublished = false,
): Promise<Listener> {
  const client = await mqtt.connectAsync(url, { protocolVersion: 5, reconnectPeriod: 200, ...options });
  const heard: Heard[] = [];
  const news = new EventEmitter();
  news.setMaxListeners(0);
  client.on('message', (topic, payload, { retain, qos }) => {
    const message = { topic, payload: payload.toString(), retain, qos };
    heard.push(message);
    news.emit('message', message);
  });
  await client.subscribeAsync(filter, { qos: 1, rap: asPublished });
  return {
    heard,
    client,
    async until(fits) {
      const found = heard.find(fits);
      if (found !== undefined) return found;
      for await (const [message] of on(news, 'message') as AsyncIterable<[Heard]>) if (fits(message)) return message;
      throw new Error('the listener ended');
    },
  };
}
