// Reads a file, stream or V4L2 device with libav, decodes its video, and makes of a frame what the detector needs. Knows
// nothing of Node.js, so that the sanitizers can run it alone (`npm run test:native`).
#pragma once
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}

namespace roomwatch {

// A picture larger than this is refused: decoders keep up to 16 of them, and JPEG and libswscale have limits of their own.
constexpr int mostPixelsASide = 16384, mostPixels = 4096 * 4096;

// A packet of video as it came, with what a decoder has to know of its stream. `data` is null at the end of the video.
struct VideoPacket {
  std::shared_ptr<AVPacket> data;
  std::shared_ptr<const AVCodecParameters> stream;
};

// One call at a time, the others wait; except close(), which ends an open or a grab that waits in another thread.
class VideoReader {
public:
  ~VideoReader();

  // A file is "file:PATH". `demuxer` is empty for files and streams, "video4linux2" for a device. `options` are libav's: "name;value|name;value".
  // Opening and each packet of video give up after `patience`; 0 is never. The first packets have 30 s, and packets without
  // a frame (a stream may be joined long before its next key frame) 90 s. Throws std::runtime_error with libav's own words.
  void open(const std::string& source, const std::string& demuxer, const std::string& options, std::chrono::milliseconds patience);
  // Decodes the next frame: shared with the decoder, not copied. Nothing at the end, after close(), and when none came in
  // time. Throws std::runtime_error.
  std::shared_ptr<AVFrame> grab();
  // The next packet, not decoded, as long as grab() would wait. From then on nothing is decoded here.
  VideoPacket read();
  void close() { closed = true; }

  // Of the picture when its frames have been given `turns` quarter turns clockwise.
  int width = 0, height = 0, turns = 0;
  // 0 or not finite where the header does not say.
  double fps = 0, seconds = 0;
  // Seconds of one unit of a frame's time stamp.
  double tick = 0;
  // ISO 8601; empty where the header does not say.
  std::string creationTime;
  // libav's name of it: "rtsp", "hls".
  std::string formatName;
  // Packets of video so far: a sign of life, also where no frame comes of them.
  std::atomic<int> packets{0};

private:
  std::mutex mutex;
  AVFormatContext* format = nullptr;
  AVIOContext* pipeInput = nullptr;
  int pipe = -1;
  bool written = false;
  std::shared_ptr<AVCodecContext> codec;
  std::shared_ptr<const AVCodecParameters> parameters;
  AVPacket* packet = av_packet_alloc();
  AVFrame* frame = av_frame_alloc();
  int stream = -1;
  bool drained = false;
  std::atomic<bool> closed{false};
  std::chrono::milliseconds patience{0};
  std::chrono::steady_clock::time_point deadline;

  void waitAtLeast(std::chrono::milliseconds least);

  static int interrupted(void* self);
  static int readPipe(void* self, uint8_t* into, int size);
  void openInput(const std::string& source, const std::string& demuxer, const std::string& options);
  int readPacket();
  int sendNextPacket();
};

// To be called once: libav logs nothing, and what it would log while a source is opened is in the error of open().
void listenToLibav();

// Decodes packets of one stream in their order, of which the first has a key frame, and gives the frame of the last one.
// Nothing where it has none. Throws std::runtime_error.
std::shared_ptr<AVFrame> decodePackets(const std::vector<VideoPacket>& packets);

// Decodes one JPEG, PNG or WebP. Nothing where that fails; with `strict`, also where a part of it is broken.
std::shared_ptr<AVFrame> decodePicture(const uint8_t* bytes, size_t length, bool strict);

// Whether it has luma of eight bits in a plane of its own, as nearly every camera sends it.
bool hasLumaPlane(const AVFrame& frame);
// Luma from 0 to 255, not from 16 to 235.
bool isFullRange(const AVFrame& frame);

// Pixels in memory of the caller.
struct Image {
  const uint8_t* rows;
  int width, height;
  size_t stride;
};

constexpr int greatestFactor = 256;
// A gray image smaller by a whole factor, each pixel the mean of a square; columns and rows that fill no square are left
// out. With `videoRange` 16..235 becomes 0..255. OpenCV's INTER_AREA takes ten times as long for a factor other than two.
void blockMeans(const Image& gray, int factor, bool videoRange, uint8_t* means);

// As JPEG; `format` is AV_PIX_FMT_BGR24 or AV_PIX_FMT_GRAY8. Throws std::runtime_error, also where JPEG allows no such size.
std::vector<uint8_t> encodeJpeg(const Image& image, AVPixelFormat format);

// To BGR, eight bits each; what libswscale prepared for one size and format is kept for the next frame.
class BgrConverter {
  SwsContext* context = nullptr;

public:
  ~BgrConverter() { sws_freeContext(context); }
  // libswscale writes whole blocks of pixels, also beyond the end of a row.
  static size_t leastStride(int width) { return (static_cast<size_t>(width) + 31) / 32 * 32 * 3; }
  // `rows` holds frame.height times leastStride(). Throws std::runtime_error.
  void convert(const AVFrame& frame, uint8_t* rows);
};

} // namespace roomwatch
