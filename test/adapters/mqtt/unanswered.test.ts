import { expect, onTestFinished, test } from 'vitest';
import { openTcpProxy } from '../../chaos/tcp-proxy.js';
import { openMosquitto } from '../../support/mosquitto.js';
import { openTestClient } from '../../support/mqtt-client.js';

test('sends a message again on a new connection if the broker does not answer it for 30 s', async () => {
  const broker = await openMosquitto();
  onTestFinished(() => broker.close());
  const proxy = await openTcpProxy(broker.port, 'mqtt');
  onTestFinished(() => proxy.close());
  const { mqtt, lines } = openTestClient({ url: `mqtt://127.0.0.1:${proxy.port}` });
  await mqtt.deliver('base/kitchen/snapshot', 'x');
  proxy.swallowPubacks(1);
  const begun = performance.now();
  await mqtt.deliver('base/kitchen/snapshot', 'y');
  expect(performance.now() - begun).toBeGreaterThan(30_000);
  expect(mqtt.reconnects).toBe(1);
  expect(lines.map(({ words }) => words)).toContainEqual(
    expect.stringMatching(/did not answer about base.kitchen.snapshot within 30 s/),
  );
}, 60_000);
