import { expect, test } from 'vitest';
import { adviseOnHost } from '../../src/domain/host-advice.js';

const inside = true;
const outside = false;

test.each([
  ['127.0.0.1', 'ECONNREFUSED', inside, /127\.0\.0\.1 is the container itself.*write host\.docker\.internal/],
  ['localhost', 'ECONNREFUSED', inside, /localhost is the container itself/],
  ['[::1]', 'ECONNREFUSED', inside, /is the container itself/],
  ['127.0.0.1', 'ECONNREFUSED', outside, undefined],
  ['127.0.0.1.example.org', 'ECONNREFUSED', inside, undefined],
  ['192.168.1.2', 'ECONNREFUSED', inside, undefined],
  ['127.0.0.1', 'ETIMEDOUT', inside, undefined],
  ['homeassistant.local', 'ENOTFOUND', inside, /\.local do not work in a container: write the IP address/],
  ['Camera.LOCAL.', 'EAI_AGAIN', inside, /\.local do not work in a container/],
  ['camera.local', 'ENOTFOUND', outside, /mDNS.*write the IP address/],
  ['camera.local', 'ECONNREFUSED', inside, undefined],
  ['camera.locale', 'ENOTFOUND', inside, undefined],
  ['host.docker.internal', 'ENOTFOUND', inside, /extra_hosts: \['host\.docker\.internal:host-gateway'\]/],
  ['host.docker.internal', 'ECONNREFUSED', inside, /listen on all addresses/],
  ['host.docker.internal', 'ENOTFOUND', outside, undefined],
])('%s, %s, in a container: %s', (host, code, inContainer, advice) => {
  const given = adviseOnHost(host, code, inContainer);
  if (advice === undefined) expect(given).toBeUndefined();
  else expect(given).toMatch(advice);
});
