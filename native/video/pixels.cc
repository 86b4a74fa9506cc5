#include "video.h"
#include <algorithm>
#include <stdexcept>

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace {

// libavcodec's scale of 2 to 31; 2 is about what libjpeg calls 85 to 90.
constexpr int jpegQuality = 2;

template <typename T, void (*letGo)(T**)> struct Owner {
  T* held;
  ~Owner() { letGo(&held); }
};

// To JPEG's own colours, with half as much chroma in both directions.
void toJpegColours(const roomwatch::Image& image, AVPixelFormat format, AVFrame* frame) {
  frame->format = AV_PIX_FMT_YUVJ420P;
  frame->width = image.width;
  frame->height = image.height;
  frame->quality = FF_QP2LAMBDA * jpegQuality;
  SwsContext* context = sws_getContext(
      image.width, image.height, format, image.width, image.height, AV_PIX_FMT_YUVJ420P, SWS_BICUBIC, nullptr, nullptr, nullptr);
  const int step = static_cast<int>(image.stride);
  bool ready = context && av_frame_get_buffer(frame, 0) >= 0;
  if (ready) sws_scale(context, &image.rows, &step, 0, image.height, frame->data, frame->linesize);
  sws_freeContext(context);
  if (!ready) throw std::runtime_error("the picture is too large for JPEG");
}

} // namespace

namespace roomwatch {

bool hasLumaPlane(const AVFrame& frame) {
  constexpr uint64_t others = AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BITSTREAM;
  const AVPixFmtDescriptor* d = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  return d && d->nb_components > 0 && !(d->flags & others) && d->comp[0].depth == 8 && d->comp[0].step == 1
         && frame.data[0] && frame.linesize[0] >= frame.width;
}

bool isFullRange(const AVFrame& frame) {
  for (int format : {AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ440P, AV_PIX_FMT_YUVJ444P, AV_PIX_FMT_GRAY8})
    if (frame.format == format) return true;
  return frame.color_range == AVCOL_RANGE_JPEG;
}

void BgrConverter::convert(const AVFrame& frame, uint8_t* rows) {
  auto format = static_cast<AVPixelFormat>(frame.format);
  context = sws_getCachedContext(
      context, frame.width, frame.height, format, frame.width, frame.height, AV_PIX_FMT_BGR24, SWS_BICUBIC, nullptr, nullptr, nullptr);
  if (!context) throw std::runtime_error("this kind of picture cannot be converted");
  const int step = static_cast<int>(leastStride(frame.width));
  sws_scale(context, frame.data, frame.linesize, 0, frame.height, &rows, &step);
}

// Rows are added up first: a loop that the compiler turns into vector instructions.
__attribute__((optimize("O3"))) void blockMeans(const Image& gray, int factor, bool videoRange, uint8_t* means) {
  const int width = gray.width / factor, height = gray.height / factor, area = factor * factor;
  const float black = videoRange ? 16 : 0;
  const float gain = (videoRange ? 255.0f / 219 : 1.0f) / area;
  // greatestFactor bytes fit into 16 bits.
  std::vector<uint16_t> sums(gray.width);
  for (int y = 0; y < height; y++) {
    std::fill(sums.begin(), sums.end(), 0);
    for (int n = 0; n < factor; n++) {
      const uint8_t* row = gray.rows + (static_cast<size_t>(y) * factor + n) * gray.stride;
      uint16_t* sum = sums.data();
      for (int x = 0; x < gray.width; x++) sum[x] += row[x];
    }
    const uint16_t* sum = sums.data();
    for (int x = 0; x < width; x++, sum += factor) {
      unsigned total = 0;
      for (int n = 0; n < factor; n++) total += sum[n];
      float value = (total - black * area) * gain;
      *means++ = value <= 0 ? 0 : value >= 255 ? 255 : static_cast<uint8_t>(value + 0.5f);
    }
  }
}

std::vector<uint8_t> encodeJpeg(const Image& image, AVPixelFormat format) {
  const AVCodec* encoder = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
  Owner<AVCodecContext, avcodec_free_context> codec{avcodec_alloc_context3(encoder)};
  Owner<AVFrame, av_frame_free> frame{av_frame_alloc()};
  Owner<AVPacket, av_packet_free> packet{av_packet_alloc()};
  codec.held->width = image.width;
  codec.held->height = image.height;
  codec.held->pix_fmt = AV_PIX_FMT_YUVJ420P;
  codec.held->time_base = {1, 1};
  codec.held->flags |= AV_CODEC_FLAG_QSCALE;
  codec.held->global_quality = FF_QP2LAMBDA * jpegQuality;
  codec.held->thread_count = 1;
  // Opening refuses a size that JPEG does not allow.
  if (avcodec_open2(codec.held, encoder, nullptr) < 0) throw std::runtime_error("the picture is too large for JPEG");
  toJpegColours(image, format, frame.held);
  if (avcodec_send_frame(codec.held, frame.held) < 0 || avcodec_receive_packet(codec.held, packet.held) < 0)
    throw std::runtime_error("the picture cannot be encoded");
  return {packet.held->data, packet.held->data + packet.held->size};
}

std::shared_ptr<AVFrame> decodePicture(const uint8_t* bytes, size_t length, bool strict) {
  AVCodecID id = length < 1 ? AV_CODEC_ID_NONE
                 : bytes[0] == 0xff ? AV_CODEC_ID_MJPEG
                 : bytes[0] == 0x89 ? AV_CODEC_ID_PNG
                 : bytes[0] == 'R' ? AV_CODEC_ID_WEBP
                                   : AV_CODEC_ID_NONE;
  const AVCodec* decoder = avcodec_find_decoder(id);
  if (!decoder) return nullptr;
  Owner<AVCodecContext, avcodec_free_context> codec{avcodec_alloc_context3(decoder)};
  Owner<AVPacket, av_packet_free> packet{av_packet_alloc()};
  std::shared_ptr<AVFrame> frame(av_frame_alloc(), [](AVFrame* last) { av_frame_free(&last); });
  codec.held->thread_count = 1;
  codec.held->max_pixels = mostPixels;
  if (strict) codec.held->err_recognition = AV_EF_EXPLODE;
  if (avcodec_open2(codec.held, decoder, nullptr) < 0 || av_new_packet(packet.held, length) < 0) return nullptr;
  std::copy(bytes, bytes + length, packet.held->data);
  bool decoded = avcodec_send_packet(codec.held, packet.held) >= 0 && avcodec_receive_frame(codec.held, frame.get()) >= 0;
  return decoded && std::max(frame->width, frame->height) <= mostPixelsASide ? frame : nullptr;
}

} // namespace roomwatch
