import { render } from 'preact';
import { texts } from '../texts.js';
import { keepLoading } from './home.js';
import { Home } from './home-view.js';

document.title = texts.overview.title;
keepLoading();
const root = document.querySelector('#app');
if (root !== null) render(<Home />, root);
