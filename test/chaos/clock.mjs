// Loaded before the program (node --import): shifts its wall clock by the seconds in the file that CHAOS_CLOCK names.
import { readFileSync } from 'node:fs';

const RealDate = Date;
let offset = 0;
const readOffset = () => {
  try {
    offset = Number(readFileSync(process.env.CHAOS_CLOCK, 'utf8')) * 1000 || 0;
  } catch {
    offset = 0;
  }
};
readOffset();
setInterval(readOffset, 100).unref();

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + offset);
    else super(...args);
  }
  static now() {
    return RealDate.now() + offset;
  }
};
