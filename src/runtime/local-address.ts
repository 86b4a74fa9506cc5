import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** Whether people can open an address: a name of one word, such as that of a container, is known to few machines. */
export function isForPeople(url: string): boolean {
  return URL.canParse(url) && /[.:]|^localhost$/.test(new URL(url).hostname);
}

/**
 * The address of this machine that connections to `host` use, as the kernel's routes have it now; nothing is sent. Undefined if the
 * name cannot be resolved, or there is no way to it. IPv6 addresses are in brackets.
 */
export async function addressTowards(host: string): Promise<string | undefined> {
  const name = host.replace(/^\[|\]$/g, '');
  for (const type of name.includes(':') ? (['udp6'] as const) : (['udp4', 'udp6'] as const)) {
    const socket = createSocket(type);
    try {
      // The port is of no importance.
      socket.connect(9, name);
      await once(socket, 'connect');
      const { address } = socket.address();
      return type === 'udp6' ? `[${address}]` : address;
    } catch {
      continue;
    } finally {
      socket.close();
    }
  }
  return undefined;
}
