import { setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net';

// Imported for every process. Where a name has several addresses, Node gives each 250 ms to connect: too little for mobile and
// satellite lines, which then never reach a host that has IPv6 addresses as well (nodejs/node#54359).
setDefaultAutoSelectFamilyAttemptTimeout(2500);
