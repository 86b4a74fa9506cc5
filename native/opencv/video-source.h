// A file or stream as libav reads and decodes it, and which of its frames anybody wants.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

namespace Roomwatch {

// Used by one thread at a time, except `closed`. Freed when the last who holds it lets go: the object or a grab under way.
struct VideoSource {
  // The frame grabbed last, and what was looked at before it; the latter is only kept under a plan.
  AVFrame* frame = av_frame_alloc();
  AVFrame* before = av_frame_alloc();
  // Quarter turns clockwise that the frames are still to be given.
  int turns = 0;
  // One byte a frame, in the order they are shown: 0 where nobody will look.
  std::vector<uint8_t> plan;
  // How long opening and each frame may take; 0 is for ever.
  std::chrono::milliseconds patience{0};
  std::atomic<bool> closed{false};

  VideoSource() = default;
  VideoSource(const VideoSource&) = delete;
  ~VideoSource();

  // Answers what is wrong, or nothing.
  std::string open(const std::string& url, const std::string& options);
  // Decodes up to the next frame that is looked at. Answers how many frames have passed: 0 at the end, or where it broke.
  int grab();

  int width() const { return codec->width; }
  int height() const { return codec->height; }
  // 0 or not finite where the header does not say.
  double fps() const;
  double frameCount() const;

private:
  AVFormatContext* format = nullptr;
  AVCodecContext* codec = nullptr;
  AVPacket* packet = av_packet_alloc();
  int stream = -1;
  bool drained = false;
  std::chrono::steady_clock::time_point deadline;
  int64_t shown = 0;
  int64_t firstAt = AV_NOPTS_VALUE;
  // Times of the packets that the decoder was allowed to leave out and has not yet given as a frame.
  std::vector<int64_t> unsure;

  static int interrupted(void* self);
  int64_t numberOf(int64_t at) const;
  bool isLookedAt(int64_t number) const;
  int send();
  bool decode();
  int count();
};

}
