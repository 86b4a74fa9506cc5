import type { Gray } from './judgement.js';

/** The picture at another size, each pixel interpolated from the four around it; the picture itself where it has that size. */
export function resample(gray: Gray, width: number, height: number): Gray {
  if (gray.width === width && gray.height === height) return gray;
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const v = Math.min(gray.height - 1, Math.max(0, ((y + 0.5) * gray.height) / height - 0.5));
    const above = Math.floor(v) * gray.width;
    const below = Math.min(gray.height - 1, Math.floor(v) + 1) * gray.width;
    for (let x = 0; x < width; x++) {
      const u = Math.min(gray.width - 1, Math.max(0, ((x + 0.5) * gray.width) / width - 0.5));
      const left = Math.floor(u);
      const right = Math.min(gray.width - 1, left + 1);
      const top = gray.pixels[above + left]! * (1 - (u % 1)) + gray.pixels[above + right]! * (u % 1);
      const bottom = gray.pixels[below + left]! * (1 - (u % 1)) + gray.pixels[below + right]! * (u % 1);
      pixels[y * width + x] = Math.round(top * (1 - (v % 1)) + bottom * (v % 1));
    }
  }
  return { width, height, pixels };
}
