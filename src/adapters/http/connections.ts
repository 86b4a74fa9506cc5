import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Who holds a connection: nobody knows yet, somebody with the password, or somebody with a signed address. */
type Holder = 'stranger' | 'viewer' | 'uploader';

type Connection = { readonly socket: Socket; readonly address: string; requests: number };

/** Strangers: more than the system accepts at once (511, Node's backlog), so that nobody is closed before their request can be read. */
const mostOf: Readonly<Record<Holder, number>> = { stranger: 640, viewer: 128, uploader: 128 };

const admissions = new WeakMap<Socket, (as: Holder) => void>();

/**
 * Limits the connections of each kind of holder, so that no number of one kind keeps out another. Where there are too many, the
 * address with the most of them loses its oldest one, and first one without a request.
 */
export function limitConnections(server: Server): void {
  const open: Readonly<Record<Holder, Set<Connection>>> = {
    stranger: new Set(),
    viewer: new Set(),
    uploader: new Set(),
  };
  const connections = new WeakMap<Socket, Connection>();

  server.on('connection', (socket: Socket) => {
    const connection: Connection = { socket, address: socket.remoteAddress ?? '', requests: 0 };
    connections.set(socket, connection);
    let group = open.stranger;
    const join = (holder: Holder) => {
      group.delete(connection);
      group = open[holder];
      group.add(connection);
      if (group.size > mostOf[holder]) dispensable(group).socket.destroy();
    };
    admissions.set(socket, (holder) => {
      if (!socket.destroyed && group !== open[holder]) join(holder);
    });
    socket.once('close', () => group.delete(connection));
    join('stranger');
  });
  server.on('request', (request, response) => {
    const connection = connections.get(request.socket);
    if (connection === undefined) return;
    connection.requests += 1;
    response.once('close', () => (connection.requests -= 1));
  });
}

/** Counts the connection among those of viewers or uploaders from now on; its request has shown that it belongs there. */
export function admit(socket: Socket, as: 'viewer' | 'uploader'): void {
  admissions.get(socket)?.(as);
}

function dispensable(group: ReadonlySet<Connection>): Connection {
  const byAddress = new Map<string, Connection[]>();
  for (const connection of group) {
    const others = byAddress.get(connection.address);
    if (others === undefined) byAddress.set(connection.address, [connection]);
    else others.push(connection);
  }
  const [most = []] = [...byAddress.values()].sort((a, b) => b.length - a.length);
  const found = most.find(({ requests }) => requests === 0) ?? most[0];
  if (found === undefined) throw new Error('an empty group has no connection');
  return found;
}
