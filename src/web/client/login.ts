import { texts } from './texts.js';

const form = document.querySelector<HTMLFormElement>('#login');
const password = document.querySelector<HTMLInputElement>('#password');
const answer = document.querySelector<HTMLElement>('#answer');

async function logIn(): Promise<string> {
  const response = await fetch('api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ password: password?.value ?? '' }),
  });
  if (response.status === 429) return texts.login.throttled(Number(response.headers.get('retry-after')));
  if (!response.ok) return texts.login.wrong;
  location.reload();
  return '';
}

form?.addEventListener('submit', (event) => {
  event.preventDefault();
  void logIn()
    .catch(() => texts.login.unreachable)
    .then((message) => {
      if (answer) answer.textContent = message;
      password?.select();
    });
});
