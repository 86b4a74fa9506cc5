#include "small-picture.h"
#include "plane-shrink.h"
#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <stdexcept>
#include <utility>

extern "C" {
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

using Roomwatch::DecodedPicture;
using Roomwatch::Ratio;
using Roomwatch::SmallPicture;

namespace {

constexpr int greatestRow = 32767;
// A picture smaller than this is not worth its own rules.
constexpr int smallest = 16;
// libswscale writes whole blocks, also beyond the end of a row; JPEG reads whole blocks of 16 in both directions.
constexpr int block = 32;
// Green as JPEG has it (ITU-T T.871), and two samples thick, one of chroma.
constexpr uint8_t green[] = {150, 44, 21};
constexpr int thickness = 2;

int padded(int length) {
  return (length + block - 1) / block * block;
}

cv::Mat visible(SmallPicture& small, int n) {
  return cv::Mat(small.rows(n), small.columns(n), CV_8UC1, small.row(n, 0), small.step(n));
}

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
    cv::Mat target = visible(result, n);
    cv::rotate(visible(small, n), target, turns - 1);
    result.pad(n, result.columns(n), result.rows(n));
  }
}

} // namespace

void SmallPicture::resize(int newWidth, int newHeight) {
  width = newWidth, height = newHeight;
  for (int n = 0; n < 3; n++) samples[n].resize(static_cast<size_t>(step(n)) * padded(rows(n)));
}

int SmallPicture::step(int n) const {
  return padded(columns(n));
}

void SmallPicture::pad(int n, int writtenColumns, int writtenRows) {
  for (int y = 0; y < writtenRows; y++) std::fill(row(n, y) + writtenColumns, row(n, y) + step(n), row(n, y)[writtenColumns - 1]);
  for (int y = writtenRows; y < padded(rows(n)); y++) std::copy_n(row(n, writtenRows - 1), step(n), row(n, y));
}

void SmallPicture::fill(int left, int top, int right, int bottom) {
  left = std::max(left, 0), top = std::max(top, 0), right = std::min(right, width), bottom = std::min(bottom, height);
  if (left >= right || top >= bottom) return;
  for (int n = 0; n < 3; n++) {
    int half = n == 0 ? 1 : 2;
    for (int y = top / half; y < (bottom + half - 1) / half; y++)
      std::fill(row(n, y) + left / half, row(n, y) + (right + half - 1) / half, green[n]);
  }
}

// Corners on even samples, where those of chroma begin.
void SmallPicture::frame(double x, double y, double wide, double tall) {
  if (!colours)
    for (int n : {1, 2}) std::fill(samples[n].begin(), samples[n].end(), 128);
  colours = true;
  auto even = [](double share, int length) {
    double place = std::min(std::max(share, 0.0), 1.0) * length;
    return static_cast<int>(place / 2 + 0.5) * 2;
  };
  int left = even(x, width), right = even(x + wide, width), top = even(y, height), bottom = even(y + tall, height);
  if (left == right || top == bottom) return;
  fill(left, top, right, top + thickness);
  fill(left, bottom - thickness, right, bottom);
  fill(left, top, left + thickness, bottom);
  fill(right - thickness, top, right, bottom);
}

SmallPicture& Roomwatch::makeSmall(const DecodedPicture& picture, int widest) {
  static thread_local SmallPicture lying, upright;
  if (picture.width < 1 || picture.height < 1 || std::max(picture.width, picture.height) > greatestRow)
    throw std::runtime_error("the picture is too large or empty");
  Ratio ratio = ratioFor(picture.turns % 2 == 1 ? picture.height : picture.width, widest);
  bool tiny = std::min(picture.width, picture.height) < smallest * ratio.of;
  if (isPlanar(picture) && !tiny) shrinkPlanes(picture, ratio, lying);
  else convert(picture, ratio, lying);
  if (picture.turns == 0) return lying;
  turn(lying, picture.turns, upright);
  return upright;
}
