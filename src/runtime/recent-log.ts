import { type LogLevel, type LogLine, logLevel, logLine } from '../domain/page/insight.js';

/** The newest lines of a log. Its memory is bounded: 500 lines, each cut after 4000 characters. */
export type RecentLog = {
  /** @param line JSON, already without secrets */
  add(line: string): void;
  /** The lines of at least this level, the oldest first. */
  read(level: LogLevel): readonly LogLine[];
};

const most = { lines: 500, characters: 4000 };

/** Starts empty. */
export function createRecentLog(): RecentLog {
  const lines: string[] = [];
  return {
    add(line) {
      lines.push(line.length > most.characters ? shortened(line) : line);
      if (lines.length > most.lines) lines.shift();
    },
    read: (level) => lines.map(parse).filter((line) => rank(line.level) >= rank(level)),
  };
}

const rank = (level: LogLevel) => logLevel.options.indexOf(level);

/** Its fields may be long: its time, its level and the beginning of its message stay. */
function shortened(line: string): string {
  const { at, level, message } = parse(line);
  return JSON.stringify({ time: at, level: (rank(level) + 1) * 10, msg: `${message.slice(0, most.characters)} …` });
}

function parse(line: string): LogLine {
  const { time, level, msg, pid: _pid, name: _name, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const label = logLevel.options[Number(level) / 10 - 1];
  return logLine.parse({ at: time, level: label, message: msg ?? '', fields });
}
