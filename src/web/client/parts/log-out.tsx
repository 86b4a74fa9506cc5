import { api } from '../state/api.js';
import { texts } from '../texts.js';

async function logOut() {
  await api.logOut();
  location.reload();
}

/** Ends the session; the same address then shows the login. In Home Assistant, which alone may frame the page, there is none. */
export function LogOut() {
  if (window.self !== window.top) return null;
  return (
    <button type="button" class="quiet" onClick={() => void logOut()}>
      {texts.logOut}
    </button>
  );
}
