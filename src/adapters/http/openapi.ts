import * as z from 'zod';
import { liveView, mark, moment, pageState, visit } from '../../domain/page/payloads.js';

/** One JSON route, for its registration and its description. */
export type ApiRoute = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly url: string;
  readonly summary: string;
  /** of a route without a query */
  readonly body?: z.ZodType;
  readonly query?: z.ZodObject;
  readonly answer: z.ZodType;
  /** @param given the body or the query, already parsed by its schema */
  handle(this: void, given: unknown): unknown;
};

type Operation = Record<string, unknown>;

/** Describes the whole API in OpenAPI 3.1, which uses JSON Schema 2020-12, as zod writes it. */
export function openApiDocument(routes: readonly ApiRoute[], version: string): object {
  const paths: Record<string, Record<string, Operation>> = otherPaths();
  for (const route of routes) {
    const operation: Operation = {
      summary: route.summary,
      operationId: `${route.method.toLowerCase()}_${route.url.replace('/api/', '')}`,
      responses: {
        200: { description: 'Done.', ...jsonContent(route.answer) },
        ...((route.body ?? route.query) && { 400: errorResponse('The request does not fit the schema.') }),
        401: errorResponse('Not logged in.'),
      },
      ...(route.query && { parameters: queryParameters(route.query) }),
      ...(route.body && { requestBody: { required: true, ...jsonContent(route.body) } }),
    };
    (paths[route.url] ??= {})[route.method.toLowerCase()] = operation;
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Roomwatch', version, description: 'The API behind the page of a detector.' },
    components: {
      securitySchemes: {
        password: { type: 'http', scheme: 'basic', description: 'Any user name, and the password in http.password.' },
      },
    },
    security: [{ password: [] }],
    paths,
  };
}

/** The routes that are not in the list of JSON routes: session, events and pictures. */
function otherPaths(): Record<string, Record<string, Operation>> {
  const jpeg = { 'image/jpeg': { schema: { type: 'string', format: 'binary' } } };
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } };
  const event = z.union([pageState, moment, mark, visit]);
  return {
    '/api/session': {
      post: {
        summary: 'Log in: sets the session cookie',
        operationId: 'post_session',
        security: [],
        requestBody: { required: true, ...jsonContent(z.strictObject({ password: z.string() })) },
        responses: {
          204: { description: 'Logged in.' },
          401: errorResponse('The password is wrong.'),
          429: errorResponse('Too many wrong tries; Retry-After is the number of seconds to wait.'),
        },
      },
      delete: { summary: 'Log out', operationId: 'delete_session', responses: { 204: { description: 'Logged out.' } } },
    },
    '/api/events': {
      get: {
        summary: 'Server-sent events `state`, `moment`, `mark` and `visit`, with JSON data',
        operationId: 'get_events',
        responses: { 200: { description: 'The events.', content: { 'text/event-stream': { schema: schema(event) } } } },
      },
    },
    '/api/snapshots/{id}.jpg': {
      get: {
        summary: 'A stored snapshot',
        operationId: 'get_snapshot',
        parameters: [id],
        responses: {
          200: { description: 'The JPEG.', content: jpeg },
          404: errorResponse('There is no such snapshot.'),
          410: errorResponse('The snapshot was removed.'),
        },
      },
    },
    '/live.mjpg': {
      get: {
        summary: 'The live picture of the camera, or another view of the detector, at most five pictures a second',
        operationId: 'get_live',
        parameters: [{ name: 'view', in: 'query', schema: schema(liveView) }],
        responses: { 200: { description: 'The pictures.', content: { 'multipart/x-mixed-replace': {} } } },
      },
    },
  };
}

function queryParameters({ shape }: z.ZodObject): object[] {
  return Object.entries(shape).map(([name, type]) => ({ name, in: 'query', schema: schema(type as z.ZodType) }));
}

const errorBody = z.object({ error: z.string(), message: z.string() });

function errorResponse(description: string) {
  return { description, ...jsonContent(errorBody) };
}

function jsonContent(type: z.ZodType) {
  return { content: { 'application/json': { schema: schema(type) } } };
}

function schema(type: z.ZodType): unknown {
  const { $schema: _, ...rest } = z.toJSONSchema(type, { io: 'input' });
  return rest;
}
