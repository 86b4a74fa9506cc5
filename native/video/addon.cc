// The reader and what is made of its frames, as JavaScript has them: src/adapters/libav/addon.ts has the types.
#include "video.h"
#include <cmath>
#include <functional>
#include <malloc.h>
#include <napi.h>
#include <unistd.h>

namespace {

using namespace roomwatch;
using Bytes = Napi::Uint8Array;
using Handle = Napi::External<VideoPacket>;

// Runs `work` beside the event loop; the promise is fulfilled with what `finish` makes of it. `kept` lives until then.
class Worker : public Napi::AsyncWorker {
  Napi::ObjectReference kept;
  std::function<void()> work;
  std::function<Napi::Value(Napi::Env)> finish;
  void Execute() override { work(); }
  void OnOK() override { deferred.Resolve(finish(Env())); }
  void OnError(const Napi::Error& error) override { deferred.Reject(error.Value()); }

public:
  Napi::Promise::Deferred deferred;
  Worker(Napi::Object kept, std::function<void()> work, std::function<Napi::Value(Napi::Env)> finish)
      : Napi::AsyncWorker(kept.Env()), kept(Napi::Persistent(kept)), work(work), finish(finish), deferred(kept.Env()) {}
};

Napi::Value start(Worker* worker) {
  worker->Queue();
  return worker->deferred.Promise();
}

int intOf(const Napi::Value& value) {
  return value.As<Napi::Number>().Int32Value();
}

// The four arguments: bytes, width, height, stride. Throws unless the bytes hold such an image.
Image imageOf(const Napi::CallbackInfo& info, int channels) {
  Bytes bytes = info[0].As<Bytes>();
  Image image{bytes.Data(), intOf(info[1]), intOf(info[2]), static_cast<size_t>(intOf(info[3]))};
  size_t row = static_cast<size_t>(image.width) * channels, length = bytes.ByteLength();
  bool sensible = image.width > 0 && image.height > 0 && image.stride >= row && image.stride <= length;
  if (!sensible || length < image.stride * (image.height - 1) + row)
    throw Napi::RangeError::New(info.Env(), "the buffer does not hold an image of this size");
  return image;
}

double secondsOf(int64_t stamp, double tick) {
  return stamp == AV_NOPTS_VALUE ? NAN : stamp * tick;
}

class Frame : public Napi::ObjectWrap<Frame> {
  std::shared_ptr<AVFrame> frame;
  std::shared_ptr<BgrConverter> converter;
  Napi::Reference<Napi::Buffer<uint8_t>> view;

  AVFrame& held(const Napi::CallbackInfo& info) {
    if (!frame) throw Napi::Error::New(info.Env(), "the frame was released");
    return *frame;
  }

  // A view on the plane, which release() detaches; it holds the frame itself where nobody calls that.
  Napi::Value luma(const Napi::CallbackInfo& info) {
    AVFrame& decoded = held(info);
    if (!view.IsEmpty()) return view.Value();
    if (!hasLumaPlane(decoded)) return info.Env().Undefined();
    size_t size = static_cast<size_t>(decoded.linesize[0]) * (decoded.height - 1) + decoded.width;
    auto letGo = [](Napi::Env, uint8_t*, std::shared_ptr<AVFrame>* holder) { delete holder; };
    auto* holder = new std::shared_ptr<AVFrame>(frame);
    view = Napi::Persistent(Napi::Buffer<uint8_t>::New(info.Env(), decoded.data[0], size, letGo, holder));
    return view.Value();
  }

  void bgr(const Napi::CallbackInfo& info) {
    AVFrame& decoded = held(info);
    Bytes into = info[0].As<Bytes>();
    if (into.ByteLength() < BgrConverter::leastStride(decoded.width) * decoded.height)
      throw Napi::RangeError::New(info.Env(), "the buffer is too small for the picture");
    converter->convert(decoded, into.Data());
  }

  void release(const Napi::CallbackInfo&) {
    if (!view.IsEmpty()) {
      view.Value().ArrayBuffer().Detach();
      view.Reset();
      // What the view holds is let go of only at a garbage collection.
      av_frame_unref(frame.get());
    }
    frame.reset();
  }

public:
  explicit Frame(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Frame>(info) {}

  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "Frame", {InstanceMethod<&Frame::luma>("luma"), InstanceMethod<&Frame::bgr>("bgr"), InstanceMethod<&Frame::release>("release")});
  }

  static Napi::Value make(Napi::Env env, std::shared_ptr<AVFrame> frame, int turns, double tick, std::shared_ptr<BgrConverter> converter) {
    Napi::Object object = env.GetInstanceData<Napi::FunctionReference>()->New({});
    int bgrStride = BgrConverter::leastStride(frame->width);
    const std::pair<const char*, int> numbers[] = {
        {"width", frame->width}, {"height", frame->height}, {"turns", turns}, {"stride", frame->linesize[0]}, {"bgrStride", bgrStride}};
    for (auto& [name, value] : numbers) object.Set(name, value);
    object.Set("fullRange", isFullRange(*frame));
    object.Set("seconds", secondsOf(frame->best_effort_timestamp, tick));
    Unwrap(object)->frame = frame;
    Unwrap(object)->converter = converter;
    return object;
  }
};

class Reader : public Napi::ObjectWrap<Reader> {
  // A worker holds it too: it is freed when the last lets go.
  std::shared_ptr<VideoReader> reader = std::make_shared<VideoReader>();
  std::shared_ptr<BgrConverter> converter = std::make_shared<BgrConverter>();

  Napi::Value open(const Napi::CallbackInfo& info) {
    std::string source = info[0].As<Napi::String>(), demuxer = info[1].As<Napi::String>(), options = info[2].As<Napi::String>();
    std::chrono::milliseconds patience(intOf(info[3]));
    auto work = [=, reader = reader] { reader->open(source, demuxer, options, patience); };
    return start(new Worker(info.This().As<Napi::Object>(), work, [reader = reader](Napi::Env env) {
      Napi::Object header = Napi::Object::New(env);
      header.Set("width", reader->width);
      header.Set("height", reader->height);
      header.Set("fps", reader->fps);
      header.Set("seconds", reader->seconds);
      header.Set("creationTime", reader->creationTime);
      header.Set("formatName", reader->formatName);
      return header;
    }));
  }

  Napi::Value grab(const Napi::CallbackInfo& info) {
    auto frame = std::make_shared<std::shared_ptr<AVFrame>>();
    auto work = [reader = reader, frame] { *frame = reader->grab(); };
    auto finish = [frame, turns = reader->turns, tick = reader->tick, converter = converter](Napi::Env env) {
      return *frame ? Frame::make(env, *frame, turns, tick, converter) : env.Undefined();
    };
    return start(new Worker(info.This().As<Napi::Object>(), work, finish));
  }

  // Its handle keeps the packet until releasePacket().
  Napi::Value read(const Napi::CallbackInfo& info) {
    auto next = std::make_shared<VideoPacket>();
    auto finish = [next, tick = reader->tick](Napi::Env env) -> Napi::Value {
      if (!next->data) return env.Undefined();
      Napi::Object packet = Napi::Object::New(env);
      packet.Set("isKey", (next->data->flags & AV_PKT_FLAG_KEY) != 0);
      packet.Set("seconds", secondsOf(next->data->pts, tick));
      packet.Set("bytes", next->data->size);
      packet.Set("handle", Handle::New(env, new VideoPacket(*next), [](Napi::Env, VideoPacket* last) { delete last; }));
      return packet;
    };
    return start(new Worker(info.This().As<Napi::Object>(), [reader = reader, next] { *next = reader->read(); }, finish));
  }

  Napi::Value packets(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), reader->packets); }

  void close(const Napi::CallbackInfo&) {
    reader->close();
    reader = std::make_shared<VideoReader>();
  }

public:
  explicit Reader(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Reader>(info) {}

  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "VideoReader", {InstanceMethod<&Reader::open>("open"), InstanceMethod<&Reader::grab>("grab"), InstanceMethod<&Reader::read>("read"), InstanceMethod<&Reader::packets>("packets"), InstanceMethod<&Reader::close>("close")});
  }
};

Napi::Value startDecoding(Napi::Object kept, std::function<std::shared_ptr<AVFrame>()> decode) {
  auto frame = std::make_shared<std::shared_ptr<AVFrame>>();
  // Pictures come one after the other from one camera, and are converted in this thread alone.
  static auto converter = std::make_shared<BgrConverter>();
  auto finish = [frame](Napi::Env env) { return *frame ? Frame::make(env, *frame, 0, 0, converter) : env.Undefined(); };
  return start(new Worker(kept, [=] { *frame = decode(); }, finish));
}

// A Uint8Array, and whether every part has to be sound.
Napi::Value decodePictureAsync(const Napi::CallbackInfo& info) {
  Bytes bytes = info[0].As<Bytes>();
  bool strict = info[1].ToBoolean();
  return startDecoding(bytes, [=, data = bytes.Data(), length = bytes.ByteLength()] { return decodePicture(data, length, strict); });
}

// An array of handles; a released one throws.
Napi::Value decodePacketsAsync(const Napi::CallbackInfo& info) {
  Napi::Array handles = info[0].As<Napi::Array>();
  std::vector<VideoPacket> packets;
  for (uint32_t n = 0; n < handles.Length(); n++) {
    packets.push_back(*handles.Get(n).As<Handle>().Data());
    if (!packets.back().data) throw Napi::Error::New(info.Env(), "the packet was released");
  }
  return startDecoding(handles, [packets = std::move(packets)] { return decodePackets(packets); });
}

void blockMeansInto(const Napi::CallbackInfo& info) {
  Image gray = imageOf(info, 1);
  int factor = intOf(info[4]);
  Bytes into = info[6].As<Bytes>();
  if (factor < 1 || factor > greatestFactor || into.ByteLength() != static_cast<size_t>(gray.width / factor) * (gray.height / factor))
    throw Napi::RangeError::New(info.Env(), "expected a factor of 1 to 256, and a buffer of the size that comes of it");
  blockMeans(gray, factor, info[5].ToBoolean(), into.Data());
}

Napi::Value encodeJpegAsync(const Napi::CallbackInfo& info) {
  bool gray = info[4].ToBoolean();
  Image image = imageOf(info, gray ? 1 : 3);
  auto jpeg = std::make_shared<std::vector<uint8_t>>();
  auto work = [=] { *jpeg = encodeJpeg(image, gray ? AV_PIX_FMT_GRAY8 : AV_PIX_FMT_BGR24); };
  auto finish = [jpeg](Napi::Env env) { return Napi::Buffer<uint8_t>::Copy(env, jpeg->data(), jpeg->size()); };
  return start(new Worker(info[0].As<Napi::Object>(), work, finish));
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  listenToLibav();
  // glibc: each thread that decodes or encodes would keep an arena of its own, with frames that were freed in it, and the
  // first large frame that is freed would raise the size from which memory goes back to the system at once.
  mallopt(M_ARENA_MAX, 2);
  mallopt(M_MMAP_THRESHOLD, 500000);
  mallopt(M_TRIM_THRESHOLD, 200000);
  env.SetInstanceData(new Napi::FunctionReference(Napi::Persistent(Frame::define(env))));
  exports.Set("VideoReader", Reader::define(env));
  exports.Set("decodePicture", Napi::Function::New<decodePictureAsync>(env));
  exports.Set("decodePackets", Napi::Function::New<decodePacketsAsync>(env));
  exports.Set("releasePacket", Napi::Function::New(env, [](const Napi::CallbackInfo& info) { *info[0].As<Handle>().Data() = {}; }));
  exports.Set("blockMeans", Napi::Function::New<blockMeansInto>(env));
  exports.Set("encodeJpeg", Napi::Function::New<encodeJpegAsync>(env));
  // glibc keeps free pages between what is allocated, for good; two milliseconds for 20 MB of them.
  exports.Set("giveBackMemory", Napi::Function::New(env, [](const Napi::CallbackInfo&) { malloc_trim(0); }));
  // Node waits at its end for the threads of its pool, of which one may wait for a camera.
  exports.Set("endProcess", Napi::Function::New(env, [](const Napi::CallbackInfo& info) { _exit(intOf(info[0])); }));
  return exports;
}

} // namespace

NODE_API_MODULE(video, init)
