import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import {
  type History,
  history,
  type Masks,
  masks,
  type Occupants,
  occupants,
  type PageState,
  pageState,
  type Rehearsal,
  rehearsal,
  type RehearsalRequest,
  rehearsalRequest,
  type VisitPage,
  visitPage,
  type VisitQuery,
  visitQuery,
  type Zones,
  zones,
} from '../../domain/page/payloads.js';
import { type LiveSettings, liveSettings, settingsChange } from '../../domain/contract/payloads.js';
import {
  configurationEntry,
  type ConfigurationEntry,
  logLine,
  type LogLevel,
  type LogLine,
  logQuery,
  type LogQuery,
} from '../../domain/page/insight.js';
import { conflict } from './conflict.js';
import type { ApiRoute } from './openapi.js';

/** What the page's API needs from the detector. */
export type ApiNeeds = {
  state(): PageState;
  history(): History;
  visits(query: VisitQuery): VisitPage;
  configuration(): readonly ConfigurationEntry[];
  logLines(level: LogLevel): readonly LogLine[];
  /** Changes some settings, which are already checked; resolves to all settings after the change. */
  changeSettings(change: z.infer<typeof settingsChange>): Promise<LiveSettings>;
  changeMasks(masks: Masks): Promise<void>;
  changeZones(zones: Zones): Promise<void>;
  /** Changes what occupies the room; resolves to false where nothing is recognised. */
  changeOccupants(occupants: Occupants): Promise<boolean>;
  /** Takes a snapshot of the next frame; false if the camera is lost. */
  takeSnapshot(): boolean;
  rehearse(request: RehearsalRequest): Promise<Rehearsal>;
};

const emptyObject = z.strictObject({});

/** The JSON routes of the page. The schemas of a route check its requests and describe it in the OpenAPI document. */
export function apiRoutes(needs: ApiNeeds): readonly ApiRoute[] {
  return [
    {
      method: 'GET',
      url: '/api/state',
      summary: 'The current state of the room, its settings, masks, zones and health',
      answer: pageState,
      handle: () => needs.state(),
    },
    {
      method: 'GET',
      url: '/api/history',
      summary:
        'The motion level: the last five minutes in steps of 0.25 seconds, the last two hours in steps of 10 seconds',
      answer: history,
      handle: () => needs.history(),
    },
    {
      method: 'GET',
      url: '/api/visits',
      summary: 'The visits with their newest snapshots and the results of the uploads, newest first, 100 at a time',
      query: visitQuery,
      answer: visitPage,
      handle: (query) => needs.visits(query as VisitQuery),
    },
    {
      method: 'GET',
      url: '/api/configuration',
      summary: 'The configuration in force, without secrets, and where each value comes from',
      answer: z.strictObject({ configuration: z.array(configurationEntry) }),
      handle: () => ({ configuration: needs.configuration() }),
    },
    {
      method: 'GET',
      url: '/api/log',
      summary: 'The newest lines of the detector’s log, at most 500, the oldest first, without secrets',
      query: logQuery,
      answer: z.strictObject({ lines: z.array(logLine) }),
      handle: (query) => ({ lines: needs.logLines((query as LogQuery).level ?? 'trace') }),
    },
    {
      method: 'PATCH',
      url: '/api/settings',
      summary: 'Change some of the live settings; `armed` arms and disarms',
      body: settingsChange,
      answer: liveSettings,
      handle: (body) => needs.changeSettings(body as z.infer<typeof settingsChange>),
    },
    ...tuningRoutes(needs),
    {
      method: 'POST',
      url: '/api/rehearsal',
      summary: 'Judge the last minutes again, with the current and with the requested settings; changes nothing',
      body: rehearsalRequest,
      answer: rehearsal,
      handle: (body) => needs.rehearse(body as RehearsalRequest),
    },
    {
      method: 'POST',
      url: '/api/snapshot',
      summary: 'Take a snapshot now; 409 if the camera is lost',
      answer: emptyObject,
      handle: () => {
        if (needs.takeSnapshot()) return {};
        throw conflict('There is no picture: the camera is lost.');
      },
    },
  ];
}

/** The routes that replace what is drawn and chosen on the page. */
function tuningRoutes(needs: ApiNeeds): readonly ApiRoute[] {
  return [
    {
      method: 'PUT',
      url: '/api/masks',
      summary: 'Replace the masks: the parts of the picture that are excluded from detection',
      body: z.strictObject({ masks }),
      answer: z.strictObject({ masks }),
      handle: async (body) => {
        const request = body as { masks: Masks };
        await needs.changeMasks(request.masks);
        return request;
      },
    },
    {
      method: 'PUT',
      url: '/api/zones',
      summary: 'Replace the zones: the parts of the picture that have an occupancy of their own',
      body: z.strictObject({ zones }),
      answer: z.strictObject({ zones }),
      handle: async (body) => {
        const request = body as { zones: Zones };
        await needs.changeZones(request.zones);
        return request;
      },
    },
    {
      method: 'PUT',
      url: '/api/occupied-by',
      summary: 'Replace what occupies the room (`recognition.occupied_by`); 409 where nothing is recognised',
      body: z.strictObject({ occupied_by: occupants }),
      answer: z.strictObject({ occupied_by: occupants }),
      handle: async (body) => {
        const request = body as { occupied_by: Occupants };
        if (await needs.changeOccupants(request.occupied_by)) return request;
        throw conflict('Nothing is recognised in this room: all motion occupies it.');
      },
    },
  ];
}

/** Registers the routes and `/api/openapi.json`. A body or query that does not fit its schema is answered with 400 and every problem. */
export function registerApi(app: FastifyInstance, routes: readonly ApiRoute[], document: object): void {
  for (const { method, url, body, query, handle } of routes) {
    const given = body ?? query;
    app.route({
      method,
      url,
      handler: async (request, reply) => {
        if (given === undefined) return reply.send(await handle(undefined));
        const parsed = given.safeParse(body === undefined ? request.query : request.body);
        if (!parsed.success)
          return reply.code(400).send({ error: 'bad_request', message: z.prettifyError(parsed.error) });
        return reply.send(await handle(parsed.data));
      },
    });
  }
  app.get('/api/openapi.json', (_request, reply) => reply.send(document));
}
