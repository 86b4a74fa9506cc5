#include "video-source.h"
#include <algorithm>
#include <cmath>
#include <opencv2/core/utility.hpp>

extern "C" {
#include <libavutil/display.h>
}

using Roomwatch::VideoSource;

namespace {

// A decoder that never gets hold of a picture again is a broken stream.
constexpr int mostErrors = 512;
// One thread decodes this much of a camera's picture in time, also on a Raspberry Pi; more threads cost memory and delay.
constexpr int pixelsPerThread = 1280 * 720;

int quarterTurns(const AVStream* stream) {
  const uint8_t* matrix = nullptr;
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
  const AVCodecParameters* codec = stream->codecpar;
  const AVPacketSideData* side = av_packet_side_data_get(codec->coded_side_data, codec->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
  if (side) matrix = side->data;
#else
  matrix = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr);
#endif
  if (!matrix) return 0;
  double degrees = -av_display_rotation_get(reinterpret_cast<const int32_t*>(matrix));
  return std::isnan(degrees) ? 0 : (static_cast<int>(std::lround(degrees / 90)) % 4 + 4) % 4;
}

std::string wordsOf(int status) {
  char words[AV_ERROR_MAX_STRING_SIZE] = {0};
  return av_strerror(status, words, sizeof words) == 0 ? words : "unknown error of libav";
}

} // namespace

VideoSource::~VideoSource() {
  av_frame_free(&before);
  av_frame_free(&frame);
  av_packet_free(&packet);
  avcodec_free_context(&codec);
  avformat_close_input(&format);
}

int VideoSource::interrupted(void* self) {
  VideoSource* source = static_cast<VideoSource*>(self);
  return source->closed || (source->patience.count() > 0 && std::chrono::steady_clock::now() > source->deadline);
}

std::string VideoSource::open(const std::string& url, const std::string& options) {
  av_log_set_level(AV_LOG_QUIET);
  format = avformat_alloc_context();
  format->interrupt_callback = {interrupted, this};
  deadline = std::chrono::steady_clock::now() + patience;
  AVDictionary* dictionary = nullptr;
  av_dict_parse_string(&dictionary, options.c_str(), ";", "|", 0);
  int status = avformat_open_input(&format, url.c_str(), nullptr, &dictionary);
  av_dict_free(&dictionary);
  if (status >= 0) status = avformat_find_stream_info(format, nullptr);
  if (status < 0) return wordsOf(status);
  const AVCodec* decoder = nullptr;
  stream = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, &decoder, 0);
  if (stream < 0) return "it holds no video";
  AVStream* video = format->streams[stream];
  for (unsigned n = 0; n < format->nb_streams; n++)
    if (static_cast<int>(n) != stream) format->streams[n]->discard = AVDISCARD_ALL;
  turns = quarterTurns(video);
  codec = avcodec_alloc_context3(decoder);
  avcodec_parameters_to_context(codec, video->codecpar);
  codec->pkt_timebase = video->time_base;
  int threads = (codec->width * codec->height + pixelsPerThread - 1) / pixelsPerThread;
  codec->thread_count = std::max(1, std::min(threads, cv::getNumberOfCPUs()));
  status = avcodec_open2(codec, decoder, nullptr);
  if (status < 0) return wordsOf(status);
  return codec->width > 0 && codec->height > 0 ? "" : "it holds no picture";
}

// Where the time of a frame puts it among all frames; the plan is made by number, not by time.
int64_t VideoSource::numberOf(int64_t at) const {
  return std::llround((at - firstAt) * av_q2d(format->streams[stream]->time_base) * fps());
}

bool VideoSource::isLookedAt(int64_t number) const {
  return number < 0 || number >= static_cast<int64_t>(plan.size()) || plan[number] != 0;
}

int VideoSource::send() {
  bool timed = packet->pts != AV_NOPTS_VALUE && firstAt != AV_NOPTS_VALUE;
  bool spared = timed && !plan.empty() && !isLookedAt(numberOf(packet->pts));
  codec->skip_frame = spared ? AVDISCARD_NONREF : AVDISCARD_DEFAULT;
  if (spared) unsure.push_back(packet->pts);
  return avcodec_send_packet(codec, packet);
}

// How many frames the one that was just decoded stands for: itself and those left out before it.
int VideoSource::count() {
  int64_t at = frame->best_effort_timestamp;
  if (firstAt == AV_NOPTS_VALUE) firstAt = at;
  auto later = std::partition(unsure.begin(), unsure.end(), [at](int64_t one) { return one <= at; });
  int passed = 1 + std::count_if(unsure.begin(), later, [at](int64_t one) { return one < at; });
  unsure.erase(unsure.begin(), later);
  shown += passed;
  // Frames that do not come at an even pace, or have no times: the plan is of no use.
  if (!plan.empty() && (at == AV_NOPTS_VALUE || numberOf(at) != shown - 1)) plan.clear();
  return passed;
}

int VideoSource::grab() {
  if (!plan.empty()) {
    av_frame_unref(before);
    av_frame_move_ref(before, frame);
  }
  int passed = 0;
  while (decode()) {
    passed += count();
    if (isLookedAt(shown - 1)) return passed;
  }
  if (closed || !drained) return passed;
  passed += unsure.size();
  unsure.clear();
  if (passed > 0 && !frame->data[0]) av_frame_ref(frame, before);
  return passed;
}

bool VideoSource::decode() {
  deadline = std::chrono::steady_clock::now() + patience;
  for (int errors = 0; errors < mostErrors && !closed;) {
    int status = avcodec_receive_frame(codec, frame);
    if (status == 0) return true;
    if (status == AVERROR_EOF) return false;
    if (status != AVERROR(EAGAIN)) errors++;
    if (drained) {
      if (status != AVERROR(EAGAIN)) continue;
      return false;
    }
    status = av_read_frame(format, packet);
    if (status == AVERROR(EAGAIN)) {
      errors++;
      continue;
    }
    if (interrupted(this)) return false;
    if (status < 0) {
      drained = true;
      avcodec_send_packet(codec, nullptr);
      continue;
    }
    if (packet->stream_index == stream && send() < 0) errors++;
    av_packet_unref(packet);
  }
  return false;
}

double VideoSource::fps() const {
  AVStream* video = format->streams[stream];
  // 0/0 where the header does not say.
  for (AVRational rate : {video->avg_frame_rate, video->r_frame_rate, av_inv_q(video->time_base)})
    if (rate.num > 0 && rate.den > 0) return av_q2d(rate);
  return 0;
}

double VideoSource::frameCount() const {
  AVStream* video = format->streams[stream];
  if (video->nb_frames > 0) return video->nb_frames;
  double seconds = format->duration > 0 ? format->duration / static_cast<double>(AV_TIME_BASE) : 0;
  if (seconds <= 0 && video->duration > 0) seconds = video->duration * av_q2d(video->time_base);
  return std::floor(seconds * fps() + 0.5);
}
