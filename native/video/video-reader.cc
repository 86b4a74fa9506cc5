#include "video-reader.h"
#include <algorithm>
#include <cmath>
#include <dlfcn.h>
#include <stdexcept>
#include <thread>

extern "C" {
#include <libavutil/cpu.h>
#include <libavutil/display.h>
}

namespace {

// A decoder that fails this often before the next frame has lost the stream.
constexpr int mostErrors = 512;
// One thread decodes this much of a camera's picture in time, also on a Raspberry Pi; more threads cost memory and delay.
constexpr int pixelsPerThread = 1280 * 720;
// For one block. Probing decodes before a codec's own limit can be set, and a header may promise any size.
constexpr size_t mostBytesAtOnce = 128 << 20;
constexpr auto devicePause = std::chrono::milliseconds(5);

[[noreturn]] void fail(int status) {
  char words[AV_ERROR_MAX_STRING_SIZE] = {0};
  throw std::runtime_error(av_strerror(status, words, sizeof words) == 0 ? words : "unknown error of libav");
}

void check(int status) {
  if (status < 0) fail(status);
}

void refuseTooLarge(int width, int height) {
  if (std::max(width, height) <= roomwatch::mostPixelsASide && static_cast<int64_t>(width) * height <= roomwatch::mostPixels) return;
  throw std::runtime_error("the picture is too large (" + std::to_string(width) + " x " + std::to_string(height) + "): at most "
                           + std::to_string(roomwatch::mostPixelsASide) + " pixels a side and 16 million in all");
}

// libavdevice brings a hundred libraries with it, so it is loaded only for a device. Its major version is libavformat's.
const AVInputFormat* findDemuxer(const std::string& name) {
  if (name.empty()) return nullptr;
  std::string library = "libavdevice.so." + std::to_string(LIBAVFORMAT_VERSION_MAJOR);
  void* loaded = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!loaded) throw std::runtime_error(library + " cannot be loaded");
  if (auto registerAll = reinterpret_cast<void (*)()>(dlsym(loaded, "avdevice_register_all"))) registerAll();
  const AVInputFormat* demuxer = av_find_input_format(name.c_str());
  if (!demuxer) throw std::runtime_error("libavdevice has no " + name);
  return demuxer;
}

int turnsOf(const AVStream* stream) {
  const uint8_t* matrix = nullptr;
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
  const AVCodecParameters* codec = stream->codecpar;
  const AVPacketSideData* side = av_packet_side_data_get(codec->coded_side_data, codec->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
  if (side && side->size >= 9 * sizeof(int32_t)) matrix = side->data;
#else
  size_t size = 0;
  matrix = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
  if (size < 9 * sizeof(int32_t)) return 0;
#endif
  if (!matrix) return 0;
  double degrees = -av_display_rotation_get(reinterpret_cast<const int32_t*>(matrix));
  return std::isnan(degrees) ? 0 : (static_cast<int>(std::lround(degrees / 90)) % 4 + 4) % 4;
}

} // namespace

namespace roomwatch {

VideoReader::~VideoReader() {
  closed = true;
  av_frame_free(&frame);
  av_packet_free(&packet);
  avcodec_free_context(&codec);
  avformat_close_input(&format);
}

int VideoReader::interrupted(void* self) {
  auto* reader = static_cast<VideoReader*>(self);
  return reader->closed || (reader->patience.count() > 0 && std::chrono::steady_clock::now() > reader->deadline);
}

void VideoReader::open(
    const std::string& source, const std::string& demuxer, const std::string& options, std::chrono::milliseconds patience_) {
  std::lock_guard lock(mutex);
  patience = patience_;
  deadline = std::chrono::steady_clock::now() + patience;
  av_max_alloc(mostBytesAtOnce);
  openInput(source, demuxer, options);
  check(avformat_find_stream_info(format, nullptr));
  const AVCodec* decoder = nullptr;
  stream = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, &decoder, 0);
  if (stream < 0 || !decoder) throw std::runtime_error("it holds no video that can be decoded");
  for (unsigned n = 0; n < format->nb_streams; n++)
    if (static_cast<int>(n) != stream) format->streams[n]->discard = AVDISCARD_ALL;
  quarterTurns = turnsOf(format->streams[stream]);
  openDecoder(decoder, format->streams[stream]);
}

void VideoReader::openInput(const std::string& source, const std::string& demuxer, const std::string& options) {
  const AVInputFormat* input = findDemuxer(demuxer);
  format = avformat_alloc_context();
  format->interrupt_callback = {interrupted, this};
  // A read from a device would otherwise wait for its driver, for ever where no frame comes.
  if (input) format->flags |= AVFMT_FLAG_NONBLOCK;
  AVDictionary* dictionary = nullptr;
  av_dict_parse_string(&dictionary, options.c_str(), ";", "|", 0);
  int status = avformat_open_input(&format, source.c_str(), input, &dictionary);
  av_dict_free(&dictionary);
  check(status);
}

void VideoReader::openDecoder(const AVCodec* decoder, const AVStream* video) {
  refuseTooLarge(video->codecpar->width, video->codecpar->height);
  codec = avcodec_alloc_context3(decoder);
  check(avcodec_parameters_to_context(codec, video->codecpar));
  codec->pkt_timebase = video->time_base;
  codec->max_pixels = mostPixels;
  int threads = (codec->width * codec->height + pixelsPerThread - 1) / pixelsPerThread;
  codec->thread_count = std::max(1, std::min(threads, av_cpu_count()));
  check(avcodec_open2(codec, decoder, nullptr));
  if (codec->width < 1 || codec->height < 1) throw std::runtime_error("it holds no picture");
}

bool VideoReader::grab() {
  std::lock_guard lock(mutex);
  if (!codec) return false;
  deadline = std::chrono::steady_clock::now() + patience;
  if (!decode()) return false;
  refuseTooLarge(frame->width, frame->height);
  return true;
}

bool VideoReader::decode() {
  for (int errors = 0; errors < mostErrors && !interrupted(this);) {
    int status = avcodec_receive_frame(codec, frame);
    if (status == 0) return true;
    if (status == AVERROR_EOF || (drained && status == AVERROR(EAGAIN))) return false;
    if (status != AVERROR(EAGAIN)) errors++;
    if (!drained && sendNextPacket() < 0) errors++;
  }
  return false;
}

int VideoReader::sendNextPacket() {
  int status = av_read_frame(format, packet);
  if (status == AVERROR(EAGAIN)) {
    if (!(format->flags & AVFMT_FLAG_NONBLOCK)) return status;
    std::this_thread::sleep_for(devicePause);
    return 0;
  }
  if (status < 0) {
    drained = true;
    avcodec_send_packet(codec, nullptr);
    return 0;
  }
  status = packet->stream_index == stream ? avcodec_send_packet(codec, packet) : 0;
  av_packet_unref(packet);
  return status;
}

std::shared_ptr<AVFrame> VideoReader::take() {
  std::lock_guard lock(mutex);
  if (!frame->data[0]) return nullptr;
  AVFrame* shared = av_frame_clone(frame);
  return {shared, [](AVFrame* last) { av_frame_free(&last); }};
}

double VideoReader::fps() const {
  const AVStream* video = format->streams[stream];
  // 0/0 where the header does not say.
  for (AVRational rate : {video->avg_frame_rate, video->r_frame_rate, av_inv_q(video->time_base)})
    if (rate.num > 0 && rate.den > 0) return av_q2d(rate);
  return 0;
}

double VideoReader::frameCount() const {
  const AVStream* video = format->streams[stream];
  if (video->nb_frames > 0) return video->nb_frames;
  double seconds = format->duration > 0 ? format->duration / static_cast<double>(AV_TIME_BASE) : 0;
  if (seconds <= 0 && video->duration > 0) seconds = video->duration * av_q2d(video->time_base);
  return std::floor(seconds * fps() + 0.5);
}

} // namespace roomwatch
