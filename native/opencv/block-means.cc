// meansOfBlocks(mat, factor, videoRange, into) -> Buffer: the gray picture (8UC1) smaller by a whole factor, each pixel the
// mean of a square; columns and rows that fill no square are left out. With `videoRange` 16..235 becomes 0..255, as where
// colours are made of luma. OpenCV's INTER_AREA takes ten times as long for a factor other than two. What is answered is
// `into`, written over, where that is given and has the size.
#pragma GCC optimize("O3")
#include "Mat.h"
#include "NativeNodeUtils.h"
#include "roomwatch.h"
#include <vector>

namespace {

// Sums of up to 205 rows of bytes: no row of a frame is wider than 32767, and no factor greater than a 160th of it.
using RowSums = std::vector<uint16_t>;
constexpr int greatestFactor = 256;

void meansOfBlocks(const cv::Mat& gray, int factor, bool videoRange, uint8_t* means) {
  int width = gray.cols / factor, height = gray.rows / factor;
  const float black = videoRange ? 16 : 0;
  const float gain = (videoRange ? 255.0f / 219 : 1.0f) / (factor * factor);
  RowSums sums(gray.cols);
  for (int y = 0; y < height; y++) {
    std::fill(sums.begin(), sums.end(), 0);
    for (int n = 0; n < factor; n++) {
      const uint8_t* row = gray.ptr(y * factor + n);
      uint16_t* sum = sums.data();
      for (int x = 0; x < gray.cols; x++) sum[x] += row[x];
    }
    const uint16_t* sum = sums.data();
    for (int x = 0; x < width; x++, sum += factor) {
      unsigned total = 0;
      for (int n = 0; n < factor; n++) total += sum[n];
      float value = (total - black * factor * factor) * gain;
      *means++ = value <= 0 ? 0 : value >= 255 ? 255 : static_cast<uint8_t>(value + 0.5f);
    }
  }
}

} // namespace

NAN_METHOD(Roomwatch::MeansOfBlocks) {
  FF::TryCatch tryCatch("meansOfBlocks");
  if (!Mat::hasInstance(info[0])) return tryCatch.throwError("expected arg 0 to be a Mat");
  const cv::Mat& gray = Mat::unwrapClassPtrUnchecked(info[0])->self;
  int factor = Nan::To<int>(info[1]).FromMaybe(0);
  bool videoRange = Nan::To<bool>(info[2]).FromMaybe(false);
  if (gray.type() != CV_8UC1 || factor < 1 || factor > greatestFactor) return tryCatch.throwError("expected a gray Mat and a factor of 1 to 256");
  size_t size = static_cast<size_t>(gray.cols / factor) * (gray.rows / factor);
  bool fits = node::Buffer::HasInstance(info[3]) && node::Buffer::Length(info[3]) == size;
  v8::Local<v8::Object> means = fits ? info[3].As<v8::Object>() : Nan::NewBuffer(size).ToLocalChecked();
  meansOfBlocks(gray, factor, videoRange, reinterpret_cast<uint8_t*>(node::Buffer::Data(means)));
  info.GetReturnValue().Set(means);
}
