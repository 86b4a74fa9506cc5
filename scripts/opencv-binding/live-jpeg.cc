// liveJpeg(mat, width, height, widest, quality, regions) -> Buffer: see live-jpeg.h. The Mat is 8UC3 (BGR), or 8UC1: gray, or
// I420 where it has half as many rows again; its rows may be longer than the picture is wide.
// Frame.jpeg(widest, quality, regions) in frame-reader.cc is the same for a frame that was decoded.
#include "live-jpeg.h"
#include "Mat.h"
#include "NativeNodeUtils.h"
#include "plane-shrink.h"
#include "roomwatch.h"
#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <jpeglib.h>
#include <opencv2/imgproc.hpp>
#include <stdexcept>
#include <utility>
#include <vector>

extern "C" {
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

namespace {

using Roomwatch::DecodedPicture;
using Roomwatch::Ratio;

constexpr int greatestRow = 32767;
// A picture smaller than this is not worth its own rules.
constexpr int smallest = 16;
// libswscale writes whole blocks, also beyond the end of a row; JPEG reads whole blocks of 16 in both directions.
constexpr int block = 32;
// Green as JPEG has it (ITU-T T.871), and two samples thick, one of chroma.
constexpr uint8_t green[] = {150, 44, 21};
constexpr int thickness = 2;

// 4:2:0 in full range, as JPEG takes it; chroma has half the luma's size, rounded up. Its memory is used again: not a Mat's,
// which the binding accounts for and which nobody may free at the end of the process.
struct SmallPicture {
  int width = 0, height = 0;
  bool colours = true;
  std::vector<uint8_t> samples[3];

  void resize(int newWidth, int newHeight) {
    width = newWidth, height = newHeight;
    for (int n = 0; n < 3; n++) samples[n].resize(static_cast<size_t>(step(n)) * padded(rows(n)));
  }

  static int padded(int length) { return (length + block - 1) / block * block; }
  int columns(int n) const { return n == 0 ? width : (width + 1) / 2; }
  int rows(int n) const { return n == 0 ? height : (height + 1) / 2; }
  int step(int n) const { return padded(columns(n)); }
  uint8_t* row(int n, int y) { return samples[n].data() + static_cast<size_t>(y) * step(n); }
  cv::Mat visible(int n) { return cv::Mat(rows(n), columns(n), CV_8UC1, row(n, 0), step(n)); }

  // Repeats the last column and row of what was written, so that no block has an edge that is not in the picture.
  void pad(int n, int writtenColumns, int writtenRows) {
    for (int y = 0; y < writtenRows; y++) std::fill(row(n, y) + writtenColumns, row(n, y) + step(n), row(n, y)[writtenColumns - 1]);
    for (int y = writtenRows; y < padded(rows(n)); y++) std::copy_n(row(n, writtenRows - 1), step(n), row(n, y));
  }
};

// A whole factor, whose means are cheap, or a third less where that would leave less than two thirds of the widest.
Ratio ratioFor(int width, int widest) {
  int factor = (width + widest - 1) / widest;
  return factor == 2 && width * 3 < widest * 4 ? Ratio{3, 2} : Ratio{factor, 1};
}

// What the same ratio is for a plane of chroma that has all samples of luma (0) or every other (1), where half are wanted.
Ratio forChroma(Ratio ratio, int halvings) {
  if (halvings == 1) return ratio;
  return ratio.to == 2 ? Ratio{3, 1} : Ratio{ratio.of * 2, 1};
}

// Planes of eight bits, as nearly every camera has them.
bool isPlanar(const DecodedPicture& picture) {
  const AVPixFmtDescriptor* d = av_pix_fmt_desc_get(picture.format);
  if (!d || d->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BITSTREAM)) return false;
  if (d->log2_chroma_w > 1 || d->log2_chroma_h > 1) return false;
  int planes = d->nb_components < 3 ? 1 : 3;
  for (int n = 0; n < planes; n++) {
    const AVComponentDescriptor& c = d->comp[n];
    if (c.depth != 8 || c.step != 1 || c.plane != n || picture.steps[n] <= 0) return false;
  }
  return true;
}

void shrinkPlanes(const DecodedPicture& picture, Ratio ratio, SmallPicture& small) {
  const AVPixFmtDescriptor* d = av_pix_fmt_desc_get(picture.format);
  small.resize(ratio.shrunk(picture.width), ratio.shrunk(picture.height));
  small.colours = d->nb_components >= 3;
  for (int n = 0; n < (small.colours ? 3 : 1); n++) {
    bool chroma = n > 0;
    Ratio across = chroma ? forChroma(ratio, d->log2_chroma_w) : ratio;
    Ratio down = chroma ? forChroma(ratio, d->log2_chroma_h) : ratio;
    Roomwatch::PlaneView plane{
        picture.planes[n], picture.steps[n], chroma ? AV_CEIL_RSHIFT(picture.width, d->log2_chroma_w) : picture.width,
        chroma ? AV_CEIL_RSHIFT(picture.height, d->log2_chroma_h) : picture.height};
    Roomwatch::Levels levels;
    if (!picture.fullRange) levels = chroma ? Roomwatch::Levels{128, 255.0 / 224, 128} : Roomwatch::Levels{16, 255.0 / 219, 0};
    int columns = std::min(small.columns(n), across.shrunk(plane.width)), rows = std::min(small.rows(n), down.shrunk(plane.height));
    shrinkPlane(plane, across, down, levels, small.row(n, 0), small.step(n), columns, rows);
    small.pad(n, columns, rows);
  }
}

// libswscale prepared for one kind of picture.
struct Converter {
  SwsContext* context = nullptr;
  std::vector<int> kind;
  ~Converter() { sws_freeContext(context); }

  void prepare(const DecodedPicture& picture, int width, int height) {
    std::vector<int> wanted{picture.format, picture.width, picture.height, picture.fullRange, width, height};
    if (context && kind == wanted) return;
    sws_freeContext(context);
    context = sws_alloc_context();
    // Ranges that are given later are not heeded where the size stays.
    const std::pair<const char*, int> options[] = {
        {"src_format", picture.format}, {"srcw", picture.width}, {"srch", picture.height}, {"src_range", picture.fullRange},
        {"dst_format", AV_PIX_FMT_YUV420P}, {"dstw", width}, {"dsth", height}, {"dst_range", 1}, {"sws_flags", SWS_AREA}};
    for (auto& [name, value] : options) av_opt_set_int(context, name, value, 0);
    bool ready = sws_init_context(context, nullptr, nullptr) >= 0;
    kind = ready ? wanted : std::vector<int>();
    if (!ready) throw std::runtime_error("this kind of picture cannot be converted");
  }
};

// Everything else: more than eight bits, packed pixels, colours of an odd size.
void convert(const DecodedPicture& picture, Ratio ratio, SmallPicture& small) {
  static thread_local Converter converter;
  small.resize(std::max(1, ratio.shrunk(picture.width)), std::max(1, ratio.shrunk(picture.height)));
  small.colours = true;
  converter.prepare(picture, small.width, small.height);
  uint8_t* planes[] = {small.row(0, 0), small.row(1, 0), small.row(2, 0)};
  int steps[] = {small.step(0), small.step(1), small.step(2)};
  sws_scale(converter.context, picture.planes, picture.steps, 0, picture.height, planes, steps);
  for (int n = 0; n < 3; n++) small.pad(n, small.columns(n), small.rows(n));
}

void turn(SmallPicture& small, int turns, SmallPicture& result) {
  bool lying = turns % 2 == 1;
  result.resize(lying ? small.height : small.width, lying ? small.width : small.height);
  result.colours = small.colours;
  for (int n = 0; n < (small.colours ? 3 : 1); n++) {
    cv::Mat target = result.visible(n);
    cv::rotate(small.visible(n), target, turns - 1);
    result.pad(n, result.columns(n), result.rows(n));
  }
}

void fill(SmallPicture& small, int left, int top, int right, int bottom) {
  left = std::max(left, 0), top = std::max(top, 0), right = std::min(right, small.width), bottom = std::min(bottom, small.height);
  if (left >= right || top >= bottom) return;
  for (int n = 0; n < 3; n++) {
    int half = n == 0 ? 1 : 2;
    for (int y = top / half; y < (bottom + half - 1) / half; y++)
      std::fill(small.row(n, y) + left / half, small.row(n, y) + (right + half - 1) / half, green[n]);
  }
}

// Corners on even samples, where those of chroma begin.
void drawRegion(SmallPicture& small, double x, double y, double width, double height) {
  auto even = [](double share, int length) {
    double place = std::min(std::max(share, 0.0), 1.0) * length;
    return static_cast<int>(place / 2 + 0.5) * 2;
  };
  int left = even(x, small.width), right = even(x + width, small.width), top = even(y, small.height), bottom = even(y + height, small.height);
  fill(small, left, top, right, top + thickness);
  fill(small, left, bottom - thickness, right, bottom);
  fill(small, left, top, left + thickness, bottom);
  fill(small, right - thickness, top, right, bottom);
}

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
  static thread_local SmallPicture lying, upright;
  int widest = Nan::To<int>(info[first]).FromMaybe(0), quality = Nan::To<int>(info[first + 1]).FromMaybe(0);
  if (widest < 1 || quality < 1 || quality > 100 || !info[first + 2]->IsArray())
    throw std::runtime_error("expected a width, a quality of 1 to 100, and a list of regions");
  if (picture.width < 1 || picture.height < 1 || std::max(picture.width, picture.height) > greatestRow)
    throw std::runtime_error("the picture is too large or empty");
  Ratio ratio = ratioFor(picture.turns % 2 == 1 ? picture.height : picture.width, widest);
  bool tiny = std::min(picture.width, picture.height) < smallest * ratio.of;
  SmallPicture& small = picture.turns > 0 ? upright : lying;
  if (isPlanar(picture) && !tiny) shrinkPlanes(picture, ratio, lying);
  else convert(picture, ratio, lying);
  if (picture.turns > 0) turn(lying, picture.turns, upright);

  v8::Local<v8::Array> regions = v8::Local<v8::Array>::Cast(info[first + 2]);
  if (regions->Length() >= 4 && !small.colours) {
    for (int n : {1, 2}) std::fill(small.samples[n].begin(), small.samples[n].end(), 128);
    small.colours = true;
  }
  auto number = [&](uint32_t n) { return Nan::To<double>(Nan::Get(regions, n).ToLocalChecked()).FromMaybe(0); };
  for (uint32_t n = 0; n + 4 <= regions->Length(); n += 4) drawRegion(small, number(n), number(n + 1), number(n + 2), number(n + 3));
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
