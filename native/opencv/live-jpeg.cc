// liveJpeg(mat, width, height, widest, quality, regions) -> Buffer: see live-jpeg.h. The Mat is 8UC3 (BGR), or 8UC1: gray, or
// I420 where it has half as many rows again; its rows may be longer than the picture is wide.
// Frame.jpeg(widest, quality, regions) in frame-reader.cc is the same for a frame that was decoded.
#include "live-jpeg.h"
#include "Mat.h"
#include "NativeNodeUtils.h"
#include "roomwatch.h"
#include <csetjmp>
#include <cstdio>
#include <jpeglib.h>
#include <opencv2/imgproc.hpp>
#include <stdexcept>
#include <vector>

namespace {

using Roomwatch::SmallPicture;

// libjpeg with what it prepared for the last picture. Its own way out of an error is exit().
class Encoder {
  jpeg_compress_struct jpeg;
  jpeg_error_mgr errors;
  jmp_buf giveUp;
  std::vector<uint8_t> buffer;
  unsigned char* written = nullptr;
  unsigned long size = 0;
  int quality = 0;

  static void failed(j_common_ptr common) { longjmp(static_cast<Encoder*>(common->client_data)->giveUp, 1); }
  static void silent(j_common_ptr) {}

  void letGo() {
    if (written != buffer.data()) free(written);
    written = nullptr;
  }

  void prepare(const SmallPicture& small, int wanted) {
    int components = small.colours ? 3 : 1;
    if (jpeg.image_width == static_cast<unsigned>(small.width) && jpeg.image_height == static_cast<unsigned>(small.height)
        && jpeg.input_components == components && quality == wanted)
      return;
    jpeg.image_width = small.width;
    jpeg.image_height = small.height;
    jpeg.input_components = components;
    jpeg.in_color_space = small.colours ? JCS_YCbCr : JCS_GRAYSCALE;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, wanted, TRUE);
    jpeg.raw_data_in = TRUE;
    quality = wanted;
    buffer.resize(small.width * small.height + 4096);
  }

  void write(SmallPicture& small) {
    int rows = small.colours ? 16 : 8;
    JSAMPROW rowsOf[3][16];
    JSAMPARRAY planes[] = {rowsOf[0], rowsOf[1], rowsOf[2]};
    while (jpeg.next_scanline < jpeg.image_height) {
      int y = jpeg.next_scanline;
      for (int n = 0; n < rows; n++) rowsOf[0][n] = small.row(0, y + n);
      for (int n = 0; small.colours && n < 8; n++)
        for (int plane : {1, 2}) rowsOf[plane][n] = small.row(plane, y / 2 + n);
      jpeg_write_raw_data(&jpeg, planes, rows);
    }
  }

public:
  Encoder() {
    jpeg.err = jpeg_std_error(&errors);
    errors.error_exit = failed;
    errors.output_message = silent;
    jpeg.client_data = this;
    jpeg_create_compress(&jpeg);
  }

  ~Encoder() { jpeg_destroy_compress(&jpeg); }

  v8::Local<v8::Object> encode(SmallPicture& small, int wanted) {
    if (setjmp(giveUp)) {
      jpeg_abort_compress(&jpeg);
      letGo();
      throw std::runtime_error("the picture cannot be encoded");
    }
    prepare(small, wanted);
    written = buffer.data();
    size = buffer.size();
    jpeg_mem_dest(&jpeg, &written, &size);
    jpeg_start_compress(&jpeg, TRUE);
    write(small);
    jpeg_finish_compress(&jpeg);
    v8::Local<v8::Object> result = Nan::CopyBuffer(reinterpret_cast<char*>(written), size).ToLocalChecked();
    letGo();
    return result;
  }
};

} // namespace

v8::Local<v8::Object> Roomwatch::liveJpeg(const DecodedPicture& picture, Nan::NAN_METHOD_ARGS_TYPE info, int first) {
  static thread_local Encoder encoder;
  int widest = Nan::To<int>(info[first]).FromMaybe(0), quality = Nan::To<int>(info[first + 1]).FromMaybe(0);
  if (widest < 1 || quality < 1 || quality > 100 || !info[first + 2]->IsArray())
    throw std::runtime_error("expected a width, a quality of 1 to 100, and a list of regions");
  SmallPicture& small = makeSmall(picture, widest);
  v8::Local<v8::Array> regions = v8::Local<v8::Array>::Cast(info[first + 2]);
  auto number = [&](uint32_t n) { return Nan::To<double>(Nan::Get(regions, n).ToLocalChecked()).FromMaybe(0); };
  for (uint32_t n = 0; n + 4 <= regions->Length(); n += 4) small.frame(number(n), number(n + 1), number(n + 2), number(n + 3));
  return encoder.encode(small, quality);
}

NAN_METHOD(Roomwatch::LiveJpeg) {
  FF::TryCatch tryCatch("liveJpeg");
  if (!Mat::hasInstance(info[0])) return tryCatch.throwError("expected arg 0 to be a Mat");
  cv::Mat mat = Mat::unwrapClassPtrUnchecked(info[0])->self;
  int width = Nan::To<int>(info[1]).FromMaybe(0), height = Nan::To<int>(info[2]).FromMaybe(0);
  bool even = width % 2 == 0 && height % 2 == 0;
  bool colours = mat.type() == CV_8UC3, planar = mat.type() == CV_8UC1 && mat.rows > height;
  if ((mat.type() != CV_8UC1 && !colours) || width < 1 || height < 1 || width > mat.cols || height > mat.rows
      || (planar && (mat.rows < height / 2 * 3 || !even || mat.cols % 2 == 1 || !mat.isContinuous())))
    return tryCatch.throwError("expected a Mat that holds a picture of this size");
  try {
    if (colours && even) {
      // This and the means of planes take half as long as libswscale's way.
      cv::Mat converted;
      cv::cvtColor(mat(cv::Rect(0, 0, width, height)), converted, cv::COLOR_BGR2YUV_I420);
      mat = converted;
      planar = true;
    }
    int step = static_cast<int>(mat.step);
    const uint8_t* chroma = mat.data + mat.step * height;
    const uint8_t* planes[4] = {mat.data, chroma, chroma + mat.step / 2 * (height / 2), nullptr};
    int steps[4] = {step, step / 2, step / 2, 0};
    AVPixelFormat format = planar ? AV_PIX_FMT_YUV420P : colours ? AV_PIX_FMT_BGR24 : AV_PIX_FMT_GRAY8;
    info.GetReturnValue().Set(liveJpeg({format, width, height, 0, !planar, planes, steps}, info, 3));
  } catch (std::exception& e) {
    return tryCatch.throwError(e.what());
  }
}
