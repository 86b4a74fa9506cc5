// Rows are added up first, then what lies side by side: loops that the compiler turns into vector instructions. libswscale
// takes five times as long, because it weighs each sample by a table.
#pragma GCC optimize("O3")
#include "plane-shrink.h"
#include <cmath>
#include <vector>

// What every x86-64 has lacks a 32-bit multiplication; ARM's NEON has all that is used here.
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__clang__)
#define FOR_THIS_PROCESSOR __attribute__((target_clones("avx2", "default")))
#else
#define FOR_THIS_PROCESSOR
#endif

namespace {

constexpr int fraction = 20;

// total * gain + bias, as fixed-point numbers: a mean of weighted samples and its levels in one.
struct Scale {
  int gain, bias;
};

inline uint8_t scaled(int total, Scale scale) {
  int value = (total * scale.gain + scale.bias) >> fraction;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

FOR_THIS_PROCESSOR void weighRows(const uint8_t* a, int weightA, const uint8_t* b, int weightB, int width, uint16_t* __restrict sums) {
  for (int x = 0; x < width; x++) sums[x] = a[x] * weightA + b[x] * weightB;
}

FOR_THIS_PROCESSOR void addRow(const uint8_t* row, int width, uint16_t* __restrict sums) {
  for (int x = 0; x < width; x++) sums[x] += row[x];
}

FOR_THIS_PROCESSOR void everyOne(const uint16_t* sums, int width, Scale scale, uint8_t* __restrict out) {
  for (int x = 0; x < width; x++) out[x] = scaled(sums[x], scale);
}

FOR_THIS_PROCESSOR void everyTwo(const uint16_t* sums, int width, Scale scale, uint8_t* __restrict out) {
  for (int x = 0; x < width; x++) out[x] = scaled(sums[2 * x] + sums[2 * x + 1], scale);
}

FOR_THIS_PROCESSOR void twoOfThree(const uint16_t* sums, int pairs, Scale scale, uint8_t* __restrict out) {
  for (int x = 0; x < pairs; x++) {
    out[2 * x] = scaled(2 * sums[3 * x] + sums[3 * x + 1], scale);
    out[2 * x + 1] = scaled(sums[3 * x + 1] + 2 * sums[3 * x + 2], scale);
  }
}

FOR_THIS_PROCESSOR void everyThree(const uint16_t* sums, int width, Scale scale, uint8_t* __restrict out) {
  for (int x = 0; x < width; x++) out[x] = scaled(sums[3 * x] + sums[3 * x + 1] + sums[3 * x + 2], scale);
}

FOR_THIS_PROCESSOR void everyFour(const uint16_t* sums, int width, Scale scale, uint8_t* __restrict out) {
  for (int x = 0; x < width; x++)
    out[x] = scaled(sums[4 * x] + sums[4 * x + 1] + sums[4 * x + 2] + sums[4 * x + 3], scale);
}

void everyFew(const uint16_t* sums, int factor, int width, Scale scale, uint8_t* out) {
  for (int x = 0; x < width; x++, sums += factor) {
    int total = 0;
    for (int n = 0; n < factor; n++) total += sums[n];
    out[x] = scaled(total, scale);
  }
}

void shrinkRow(const uint16_t* sums, Roomwatch::Ratio across, int width, Scale scale, uint8_t* out) {
  if (across.to == 2) {
    twoOfThree(sums, width / 2, scale, out);
    if (width % 2 == 1) out[width - 1] = scaled(2 * sums[width / 2 * 3] + sums[width / 2 * 3 + 1], scale);
    return;
  }
  switch (across.of) {
    case 1: return everyOne(sums, width, scale, out);
    case 2: return everyTwo(sums, width, scale, out);
    case 3: return everyThree(sums, width, scale, out);
    case 4: return everyFour(sums, width, scale, out);
    default: return everyFew(sums, across.of, width, scale, out);
  }
}

} // namespace

void Roomwatch::shrinkPlane(
    const PlaneView& plane, Ratio across, Ratio down, Levels levels, uint8_t* out, int outStep, int width, int height) {
  double unit = 1 << fraction;
  Scale scale{
      static_cast<int>(std::lround(levels.gain * unit / (across.of * down.of))),
      static_cast<int>(std::lround((levels.base - levels.black * levels.gain + 0.5) * unit))};
  std::vector<uint16_t> sums(plane.width);
  for (int y = 0; y < height; y++) {
    const uint8_t* first = plane.samples + static_cast<intptr_t>(y / down.to * down.of) * plane.step;
    const uint8_t* second = first + plane.step;
    if (down.to == 2) {
      bool upper = y % 2 == 0;
      weighRows(upper ? first : second + plane.step, 2, second, 1, plane.width, sums.data());
    } else {
      weighRows(first, 1, down.of > 1 ? second : first, down.of > 1 ? 1 : 0, plane.width, sums.data());
      for (int n = 2; n < down.of; n++) addRow(first + static_cast<intptr_t>(n) * plane.step, plane.width, sums.data());
    }
    shrinkRow(sums.data(), across, width, scale, out + static_cast<intptr_t>(y) * outStep);
  }
}
