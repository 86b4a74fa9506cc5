/** A connected piece of a mask: its number of pixels and its box, in pixels. */
export type Component = { area: number; left: number; top: number; right: number; bottom: number; label: number };

/** Finds the connected pieces (8 neighbours) of a mask; `labels[p]` is then the piece's label, 0 where nothing is set. */
export function createComponentFinder(width: number, height: number) {
  const labels = new Uint16Array(width * height);
  const stack = new Int32Array(width * height);

  function flood(mask: Uint8Array, start: number, label: number): Component {
    const found = { area: 0, left: width, top: height, right: 0, bottom: 0, label };
    let depth = 0;
    stack[depth++] = start;
    labels[start] = label;
    while (depth > 0) {
      const p = stack[--depth]!;
      const y = (p / width) | 0;
      const x = p - y * width;
      found.area++;
      if (x < found.left) found.left = x;
      if (x > found.right) found.right = x;
      if (y < found.top) found.top = y;
      if (y > found.bottom) found.bottom = y;
      const x0 = x > 0 ? x - 1 : 0;
      const x1 = x < width - 1 ? x + 1 : x;
      const y1 = y < height - 1 ? y + 1 : y;
      for (let v = y > 0 ? y - 1 : 0; v <= y1; v++)
        for (let q = v * width + x0, end = v * width + x1; q <= end; q++)
          if (mask[q] === 1 && labels[q] === 0) {
            labels[q] = label;
            stack[depth++] = q;
          }
    }
    return found;
  }

  return {
    labels,
    find(mask: Uint8Array, least: number): Component[] {
      labels.fill(0);
      const found: Component[] = [];
      let label = 0;
      for (let p = mask.indexOf(1), end = mask.lastIndexOf(1); p >= 0 && p <= end; p++) {
        if (mask[p] !== 1 || labels[p] !== 0) continue;
        const component = flood(mask, p, ++label);
        if (component.area >= least) found.push(component);
      }
      return found;
    },
  };
}
