// Loaded into a process before the program (node --import): its wall clock is off by the seconds in the file CHAOS_CLOCK.
import { readFileSync } from 'node:fs';

const RealDate = Date;
let offset = 0;
const look = () => {
  try {
    offset = Number(readFileSync(process.env.CHAOS_CLOCK, 'utf8')) * 1000 || 0;
  } catch {
    offset = 0;
  }
};
look();
setInterval(look, 100).unref();

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + offset);
    else super(...args);
  }
  static now() {
    return RealDate.now() + offset;
  }
};
