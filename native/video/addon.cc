// The reader and what is made of its frames, as JavaScript has them: see src/adapters/camera/video-addon.ts for the types.
#include "pixels.h"
#include "video-reader.h"
#include <functional>
#include <malloc.h>
#include <napi.h>
#include <unistd.h>

namespace {

using roomwatch::VideoReader;

// Runs `work` beside the event loop; the promise is fulfilled with what `finish` makes of it. `kept` lives until then.
class Worker : public Napi::AsyncWorker {
public:
  using Finish = std::function<Napi::Value(Napi::Env)>;

  static Napi::Value run(Napi::Object kept, std::function<void()> work, Finish finish) {
    auto* worker = new Worker(kept, std::move(work), std::move(finish));
    Napi::Promise promise = worker->deferred.Promise();
    worker->Queue();
    return promise;
  }

protected:
  void Execute() override { work(); }
  void OnOK() override { deferred.Resolve(finish(Env())); }
  void OnError(const Napi::Error& error) override { deferred.Reject(error.Value()); }

private:
  Worker(Napi::Object kept, std::function<void()> work, Finish finish)
      : Napi::AsyncWorker(kept.Env()), deferred(kept.Env()), kept(Napi::Persistent(kept)), work(std::move(work)), finish(std::move(finish)) {}

  Napi::Promise::Deferred deferred;
  Napi::ObjectReference kept;
  std::function<void()> work;
  Finish finish;
};

using Bytes = Napi::Uint8Array;

// Throws unless the bytes hold such an image.
roomwatch::Image imageOf(const Bytes& bytes, int width, int height, size_t stride, int channels) {
  bool sensible = width > 0 && height > 0 && width <= roomwatch::mostPixels && stride >= static_cast<size_t>(width) * channels
                  && stride <= bytes.ByteLength();
  if (!sensible || bytes.ByteLength() < stride * (height - 1) + static_cast<size_t>(width) * channels)
    throw Napi::RangeError::New(bytes.Env(), "the buffer does not hold an image of this size");
  return {bytes.Data(), width, height, stride};
}

int intOf(const Napi::Value& value) {
  return value.As<Napi::Number>().Int32Value();
}

// A decoded frame, shared with the decoder, not copied; it outlives the next grab.
class Frame : public Napi::ObjectWrap<Frame> {
public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "Frame",
        {InstanceMethod<&Frame::luma>("luma"), InstanceMethod<&Frame::bgr>("bgr"), InstanceMethod<&Frame::release>("release")});
  }

  static Napi::Value make(Napi::Env env, std::shared_ptr<AVFrame> frame, int turns, std::shared_ptr<roomwatch::BgrConverter> converter) {
    Napi::Object object = env.GetInstanceData<Napi::FunctionReference>()->New({});
    Frame* self = Unwrap(object);
    object.Set("width", frame->width);
    object.Set("height", frame->height);
    object.Set("turns", turns);
    object.Set("fullRange", roomwatch::isFullRange(*frame));
    object.Set("stride", frame->linesize[0]);
    object.Set("bgrStride", static_cast<double>(roomwatch::BgrConverter::leastStride(frame->width)));
    self->frame = std::move(frame);
    self->converter = std::move(converter);
    return object;
  }

  explicit Frame(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Frame>(info) {}

private:
  std::shared_ptr<AVFrame> frame;
  std::shared_ptr<roomwatch::BgrConverter> converter;
  Napi::Reference<Napi::Buffer<uint8_t>> view;

  AVFrame& held(const Napi::CallbackInfo& info) {
    if (!frame) throw Napi::Error::New(info.Env(), "the frame was released");
    return *frame;
  }

  // A view on the plane, which release() detaches; it holds the frame itself where nobody calls that.
  Napi::Value luma(const Napi::CallbackInfo& info) {
    AVFrame& held = this->held(info);
    if (!view.IsEmpty()) return view.Value();
    if (!roomwatch::hasLumaPlane(held)) return info.Env().Undefined();
    size_t size = static_cast<size_t>(held.linesize[0]) * (held.height - 1) + held.width;
    auto* holder = new std::shared_ptr<AVFrame>(frame);
    auto letGo = [](Napi::Env, uint8_t*, std::shared_ptr<AVFrame>* holder) { delete holder; };
    auto buffer = Napi::Buffer<uint8_t>::New(info.Env(), held.data[0], size, letGo, holder);
    view = Napi::Persistent(buffer);
    return buffer;
  }

  void bgr(const Napi::CallbackInfo& info) {
    AVFrame& held = this->held(info);
    Bytes into = info[0].As<Bytes>();
    size_t stride = roomwatch::BgrConverter::leastStride(held.width);
    if (into.ByteLength() < stride * held.height) throw Napi::RangeError::New(info.Env(), "the buffer is too small for the picture");
    converter->convert(held, into.Data(), stride);
  }

  void release(const Napi::CallbackInfo&) {
    if (!view.IsEmpty()) {
      view.Value().ArrayBuffer().Detach();
      view.Reset();
      // The view's finalizer comes later, with the garbage collection.
      av_frame_unref(frame.get());
    }
    frame.reset();
  }
};

class Reader : public Napi::ObjectWrap<Reader> {
public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "VideoReader",
        {InstanceMethod<&Reader::open>("open"), InstanceMethod<&Reader::grab>("grab"), InstanceMethod<&Reader::take>("take"),
         InstanceMethod<&Reader::close>("close")});
  }

  explicit Reader(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Reader>(info) {}
  ~Reader() override { reader->close(); }

private:
  // A worker holds it too: it is freed when the last lets go.
  std::shared_ptr<VideoReader> reader = std::make_shared<VideoReader>();
  std::shared_ptr<roomwatch::BgrConverter> converter = std::make_shared<roomwatch::BgrConverter>();

  Napi::Value open(const Napi::CallbackInfo& info) {
    std::string source = info[0].As<Napi::String>(), demuxer = info[1].As<Napi::String>(), options = info[2].As<Napi::String>();
    std::chrono::milliseconds patience(intOf(info[3]));
    auto work = [=, reader = reader] { reader->open(source, demuxer, options, patience); };
    return Worker::run(info.This().As<Napi::Object>(), work, [reader = reader](Napi::Env env) {
      bool lying = reader->turns() % 2 == 1;
      Napi::Object opened = Napi::Object::New(env);
      opened.Set("width", lying ? reader->height() : reader->width());
      opened.Set("height", lying ? reader->width() : reader->height());
      opened.Set("fps", reader->fps());
      opened.Set("frameCount", reader->frameCount());
      return opened;
    });
  }

  Napi::Value grab(const Napi::CallbackInfo& info) {
    auto grabbed = std::make_shared<bool>(false);
    auto work = [reader = reader, grabbed] { *grabbed = reader->grab(); };
    return Worker::run(info.This().As<Napi::Object>(), work, [grabbed](Napi::Env env) { return Napi::Boolean::New(env, *grabbed); });
  }

  Napi::Value take(const Napi::CallbackInfo& info) {
    std::shared_ptr<AVFrame> frame = reader->take();
    if (!frame) throw Napi::Error::New(info.Env(), "no frame was grabbed");
    return Frame::make(info.Env(), frame, reader->turns(), converter);
  }

  void close(const Napi::CallbackInfo&) {
    reader->close();
    reader = std::make_shared<VideoReader>();
  }
};

void blockMeans(const Napi::CallbackInfo& info) {
  int width = intOf(info[1]), height = intOf(info[2]), factor = intOf(info[4]);
  Bytes into = info[6].As<Bytes>();
  roomwatch::Image gray = imageOf(info[0].As<Bytes>(), width, height, intOf(info[3]), 1);
  if (factor < 1 || factor > roomwatch::greatestFactor || into.ByteLength() != static_cast<size_t>(width / factor) * (height / factor))
    throw Napi::RangeError::New(info.Env(), "expected a factor of 1 to 256, and a buffer of the size that comes of it");
  roomwatch::blockMeans(gray, factor, info[5].ToBoolean(), into.Data());
}

Napi::Value encodeJpeg(const Napi::CallbackInfo& info) {
  bool gray = info[4].ToBoolean();
  roomwatch::Image image = imageOf(info[0].As<Bytes>(), intOf(info[1]), intOf(info[2]), intOf(info[3]), gray ? 1 : 3);
  auto jpeg = std::make_shared<std::vector<uint8_t>>();
  auto work = [=] { *jpeg = roomwatch::encodeJpeg(image, gray ? AV_PIX_FMT_GRAY8 : AV_PIX_FMT_BGR24); };
  return Worker::run(info[0].As<Napi::Object>(), work, [jpeg](Napi::Env env) {
    return Napi::Buffer<uint8_t>::Copy(env, jpeg->data(), jpeg->size());
  });
}

// glibc keeps free pages between what is allocated, for good; two milliseconds for 20 MB of them.
void giveBackMemory(const Napi::CallbackInfo&) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

// Node waits at its end for the threads of its pool, of which one may wait for a camera.
void endProcess(const Napi::CallbackInfo& info) {
  _exit(intOf(info[0]));
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  av_log_set_level(AV_LOG_QUIET);
#ifdef M_ARENA_MAX
  // glibc: each thread that decodes or encodes would keep an arena of its own, with frames that were freed in it, and the
  // first large frame that is freed would raise the size from which memory goes back to the system at once.
  mallopt(M_ARENA_MAX, 2);
  mallopt(M_MMAP_THRESHOLD, 500000);
  mallopt(M_TRIM_THRESHOLD, 200000);
#endif
  env.SetInstanceData(new Napi::FunctionReference(Napi::Persistent(Frame::define(env))));
  exports.Set("VideoReader", Reader::define(env));
  exports.Set("blockMeans", Napi::Function::New<blockMeans>(env));
  exports.Set("encodeJpeg", Napi::Function::New<encodeJpeg>(env));
  exports.Set("giveBackMemory", Napi::Function::New<giveBackMemory>(env));
  exports.Set("endProcess", Napi::Function::New<endProcess>(env));
  return exports;
}

} // namespace

NODE_API_MODULE(video, init)
