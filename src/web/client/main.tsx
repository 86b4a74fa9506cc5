import { render } from 'preact';
import { App } from './app.js';
import { keepConnected } from './state/room.js';

const root = document.querySelector('#app');
if (root) render(<App />, root);
keepConnected();
