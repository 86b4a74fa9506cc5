/** A figure beside what is asked of it. */
export type Asked = {
  readonly what: string;
  readonly measured: string;
  readonly limit: string;
  readonly holds: boolean;
};

/** The figures as Markdown, a line each. */
export function askedTable(figures: readonly Asked[]): readonly string[] {
  const rows = figures.map(
    ({ what, measured, limit, holds }) => `| ${what} | ${measured} | ${limit}${holds ? '' : ': **missed**'} |`,
  );
  return ['| | measured | asked |', '|---|---|---|', ...rows];
}
