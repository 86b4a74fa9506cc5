// A picture made small for a person's screen, in the planes that JPEG takes.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

extern "C" {
#include <libavutil/pixfmt.h>
}

namespace Roomwatch {

struct DecodedPicture {
  AVPixelFormat format;
  int width, height;
  // quarter turns clockwise that it is still to be given
  int turns;
  bool fullRange;
  const uint8_t* const* planes;
  const int* steps;
};

// 4:2:0 in full range; chroma has half the luma's size, rounded up. Its memory is used again: not a Mat's, which the binding
// accounts for and which nobody may free at the end of the process.
struct SmallPicture {
  int width = 0, height = 0;
  bool colours = true;
  std::vector<uint8_t> samples[3];

  void resize(int newWidth, int newHeight);
  int columns(int n) const { return n == 0 ? width : (width + 1) / 2; }
  int rows(int n) const { return n == 0 ? height : (height + 1) / 2; }
  int step(int n) const;
  uint8_t* row(int n, int y) { return samples[n].data() + static_cast<size_t>(y) * step(n); }
  // Repeats the last column and row of what was written, so that no block has an edge that is not in the picture.
  void pad(int n, int writtenColumns, int writtenRows);
  // Frames a region in green; shares of the picture.
  void frame(double x, double y, double width, double height);

private:
  void fill(int left, int top, int right, int bottom);
};

// The picture upright and no wider than that, good until the next is made in this thread. Throws std::exception.
SmallPicture& makeSmall(const DecodedPicture& picture, int widest);

}
