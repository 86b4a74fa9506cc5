const isLoopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;
/** Docker's name for the machine that a container runs on. */
const machine = 'host.docker.internal';

/**
 * What to do about a host that cannot be reached, where the host's name or the container that this process runs in is the
 * reason; undefined where it is not.
 * @param code of the system: `ECONNREFUSED`, `ENOTFOUND`
 */
export function adviseOnHost(host: string, code: string, inContainer: boolean): string | undefined {
  const isUnknown = /^(?:ENOTFOUND|EAI_)/.test(code);
  if (isUnknown && /\.local\.?$/i.test(host)) {
    return inContainer
      ? 'names in .local do not work in a container: write the IP address'
      : 'names in .local work only with mDNS (Debian: libnss-mdns): write the IP address';
  }
  if (!inContainer) return undefined;
  if (isUnknown && host === machine)
    return `give the container this name: extra_hosts: ['${machine}:host-gateway'] in Compose`;
  if (code !== 'ECONNREFUSED') return undefined;
  if (isLoopback.test(host))
    return `in a container, ${host} is the container itself: for a program on the machine outside, write ${machine}`;
  return host === machine ? 'it must listen on all addresses of this machine, not on 127.0.0.1 alone' : undefined;
}
