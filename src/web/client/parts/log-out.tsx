import { api } from '../state/api.js';
import { texts } from '../texts.js';

async function logOut() {
  await api.logOut();
  location.reload();
}

/** Ends the session; the same address then shows the login. */
export function LogOut() {
  return (
    <button type="button" class="quiet" onClick={() => void logOut()}>
      {texts.logOut}
    </button>
  );
}
