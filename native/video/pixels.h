// What is made of a decoded picture: the luma plane as it lies, colours, a small gray picture, a JPEG.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

extern "C" {
#include <libavutil/frame.h>
#include <libswscale/swscale.h>
}

namespace roomwatch {

// Eight bits a pixel in a plane of its own, as nearly every camera has it.
bool hasLumaPlane(const AVFrame& frame);
// Luma from 0 to 255, not from 16 to 235.
bool isFullRange(const AVFrame& frame);

// To BGR, eight bits each; what libswscale prepared for one size and format is kept for the next frame.
class BgrConverter {
public:
  BgrConverter() = default;
  BgrConverter(const BgrConverter&) = delete;
  ~BgrConverter() { sws_freeContext(context); }
  // libswscale writes whole blocks of pixels, also beyond the end of a row.
  static size_t leastStride(int width) { return (static_cast<size_t>(width) + 31) / 32 * 32 * 3; }
  // `rows` holds frame.height times `stride`, at least leastStride(). Throws std::runtime_error.
  void convert(const AVFrame& frame, uint8_t* rows, size_t stride);

private:
  SwsContext* context = nullptr;
};

// Pixels in memory of the caller.
struct Image {
  const uint8_t* rows;
  int width, height;
  size_t stride;
};

// No row of sums may overflow: greatestFactor * 255 < 65536.
constexpr int greatestFactor = 256;
// A gray image smaller by a whole factor, each pixel the mean of a square; columns and rows that fill no square are left
// out. With `videoRange` 16..235 becomes 0..255. OpenCV's INTER_AREA takes ten times as long for a factor other than two.
void blockMeans(const Image& gray, int factor, bool videoRange, uint8_t* means);

// As JPEG; `format` is AV_PIX_FMT_BGR24 or AV_PIX_FMT_GRAY8. Throws std::runtime_error, also where JPEG allows no such size.
std::vector<uint8_t> encodeJpeg(const Image& image, AVPixelFormat format);

} // namespace roomwatch
