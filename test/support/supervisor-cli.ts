// The stand-in for the Supervisor's API as a program: `node supervisor.mjs`, for the app in its container.
import { createSupervisor } from './supervisor-server.js';

const mqtt = { host: 'core-mosquitto', port: 1883, ssl: false, protocol: '3.1.1' };
createSupervisor({ mqtt }).listen(80);
