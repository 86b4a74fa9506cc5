import { render } from 'preact';
import { keepLoading } from './home.js';
import { Home } from './home-view.js';

keepLoading();
const root = document.querySelector('#app');
if (root !== null) render(<Home />, root);
