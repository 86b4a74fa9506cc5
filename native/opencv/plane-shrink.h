// One plane of a picture made smaller: each sample the mean of the samples whose place it takes.
#pragma once
#include <cstdint>

namespace Roomwatch {

// So many samples become so many; 1 to 1, n to 1, or 3 to 2.
struct Ratio {
  int of = 1, to = 1;
  int shrunk(int length) const { return length / of * to; }
};

// What a mean becomes: (mean - black) * gain + base, in 0..255.
struct Levels {
  double black = 0, gain = 1, base = 0;
};

struct PlaneView {
  const uint8_t* samples;
  int step, width, height;
};

// Writes `width` x `height` samples, which are no more than the ratios yield. No row is wider than 32767.
void shrinkPlane(const PlaneView& plane, Ratio across, Ratio down, Levels levels, uint8_t* out, int outStep, int width, int height);

}
