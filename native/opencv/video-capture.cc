// Stands in for the package's io/VideoCapture.cc, and adds what a camera that never ends needs:
//   VideoCapture.openAsync(source, backend, params, done)   opens beside the event loop: a silent camera blocks for seconds
//   grabAsync(done) -> boolean, retrieve(mat)               decodes beside the event loop; converts to BGR only what is looked
//                                                           at, into a Mat that is used again
//   VideoCapture.forgetLoading()                            gives back the memory that only loading the libraries took
//   VideoCapture.endProcess(status)                         ends the process without waiting for a read that hangs in its thread
#include "roomwatch.h"
#include "opencv_modules.h"

#include "io/VideoCapture.h"
#include "io/VideoCaptureBindings.h"
#include <cstdint>
#include <fcntl.h>
#include <fstream>
#include <malloc.h>
#include <sstream>
#include <sys/mman.h>
#include <unistd.h>

Nan::Persistent<v8::FunctionTemplate> VideoCapture::constructor;

namespace {

struct OpenWorker : public CatchCvExceptionWorker {
  std::string source;
  int backend;
  std::vector<int> params;
  cv::VideoCapture opened;

  bool unwrapRequiredArgs(Nan::NAN_METHOD_ARGS_TYPE info) {
    return FF::StringConverter::arg(0, &source, info) || FF::IntConverter::arg(1, &backend, info)
           || FF::IntArrayConverter::arg(2, &params, info);
  }

  std::string executeCatchCvExceptionWorker() {
    return opened.open(source, backend, params) ? "" : "failed to open capture";
  }

  v8::Local<v8::Value> getReturnValue() {
    v8::Local<v8::Function> ctor = FF::getFunction(Nan::New(VideoCapture::constructor));
    v8::Local<v8::Object> instance = Nan::NewInstance(ctor).ToLocalChecked();
    Nan::ObjectWrap::Unwrap<VideoCapture>(instance)->self = opened;
    return instance;
  }
};

struct GrabWorker : public CatchCvExceptionWorker {
  cv::VideoCapture self;
  bool grabbed = false;
  GrabWorker(cv::VideoCapture self) : self(self) {}

  std::string executeCatchCvExceptionWorker() {
    grabbed = self.grab();
    return "";
  }

  v8::Local<v8::Value> getReturnValue() {
    return Nan::New(grabbed);
  }
};

NAN_METHOD(Open) {
  FF::executeAsyncBinding(std::make_shared<OpenWorker>(), "VideoCapture::OpenAsync", info);
}

NAN_METHOD(Grab) {
  FF::executeAsyncBinding(std::make_shared<GrabWorker>(VideoCapture::unwrapSelf(info)), "VideoCapture::GrabAsync", info);
}

NAN_METHOD(Retrieve) {
  FF::TryCatch tryCatch("VideoCapture::Retrieve");
  if (!Mat::hasInstance(info[0])) return tryCatch.throwError("expected arg 0 to be a Mat");
  cv::Mat& image = Mat::unwrapClassPtrUnchecked(info[0])->self;
  try {
    info.GetReturnValue().Set(Nan::New(VideoCapture::unwrapSelf(info).retrieve(image)));
  } catch (std::exception& e) {
    return tryCatch.throwError(e.what());
  }
}

// The pages of read-only mappings of files that hold what the file holds; those that relocation changed must stay. They
// come back from the page cache where they are touched again. /proc/self/pagemap: bit 63 present, bit 61 still the file's.
void forgetCleanPages(uintptr_t begin, uintptr_t end, int pagemap, uintptr_t page) {
  std::vector<uint64_t> entries((end - begin) / page);
  ssize_t wanted = entries.size() * sizeof(uint64_t);
  if (pread(pagemap, entries.data(), wanted, begin / page * sizeof(uint64_t)) != wanted) return;
  size_t from = 0;
  for (size_t n = 0; n <= entries.size(); n++) {
    bool clean = n < entries.size() && (entries[n] >> 63 & 1) == (entries[n] >> 61 & 1);
    if (clean) continue;
    if (n > from) madvise(reinterpret_cast<void*>(begin + from * page), (n - from) * page, MADV_DONTNEED);
    from = n + 1;
  }
}

NAN_METHOD(ForgetLoading) {
#ifdef __linux__
  malloc_trim(0);
  int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  if (pagemap < 0) return;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    std::istringstream fields(line);
    uintptr_t begin, end;
    char dash;
    std::string permissions, offset, device, inode, path;
    fields >> std::hex >> begin >> dash >> end >> permissions >> offset >> device >> inode >> path;
    bool readOnlyFile = !path.empty() && path[0] == '/' && (permissions == "r-xp" || permissions == "r--p");
    if (readOnlyFile) forgetCleanPages(begin, end, pagemap, sysconf(_SC_PAGESIZE));
  }
  close(pagemap);
#endif
}

// Node waits at its end for the threads of its pool, of which one may wait for a camera.
NAN_METHOD(EndProcess) {
  _exit(info[0]->Int32Value(Nan::GetCurrentContext()).FromMaybe(1));
}

NAN_METHOD(Get) {
  FF::executeSyncBinding(std::make_shared<VideoCaptureBindings::GetWorker>(VideoCapture::unwrapSelf(info)), "VideoCapture::Get", info);
}

NAN_METHOD(Set) {
  FF::executeSyncBinding(std::make_shared<VideoCaptureBindings::SetWorker>(VideoCapture::unwrapSelf(info)), "VideoCapture::Set", info);
}

} // namespace

NAN_MODULE_INIT(VideoCapture::Init) {
#ifdef M_ARENA_MAX
  // glibc: each thread that decodes or encodes would keep an arena of its own, with frames that were freed in it, and the
  // first large frame that is freed would raise the size from which memory goes back to the system at once.
  mallopt(M_ARENA_MAX, 2);
  mallopt(M_MMAP_THRESHOLD, 500000);
  mallopt(M_TRIM_THRESHOLD, 200000);
#endif
  v8::Local<v8::FunctionTemplate> ctor = Nan::New<v8::FunctionTemplate>(VideoCapture::New);
  constructor.Reset(ctor);
  ctor->InstanceTemplate()->SetInternalFieldCount(1);
  ctor->SetClassName(FF::newString("VideoCapture"));
  Nan::SetMethod(ctor, "openAsync", ::Open);
  Nan::SetMethod(ctor, "forgetLoading", ::ForgetLoading);
  Nan::SetMethod(ctor, "endProcess", ::EndProcess);
  Nan::SetPrototypeMethod(ctor, "grabAsync", ::Grab);
  Nan::SetPrototypeMethod(ctor, "retrieve", ::Retrieve);
  Nan::SetPrototypeMethod(ctor, "readAsync", ReadAsync);
  Nan::SetPrototypeMethod(ctor, "read", Read);
  Nan::SetPrototypeMethod(ctor, "get", ::Get);
  Nan::SetPrototypeMethod(ctor, "set", ::Set);
  Nan::SetPrototypeMethod(ctor, "release", Release);
  Nan::Set(target, FF::newString("VideoCapture"), FF::getFunction(ctor));
  Roomwatch::InitFrameReader(target);
  Nan::SetMethod(target, "meansOfBlocks", Roomwatch::MeansOfBlocks);
  Nan::SetMethod(target, "liveJpeg", Roomwatch::LiveJpeg);
  Nan::SetMethod(target, "giveBackMemory", Roomwatch::GiveBackMemory);
}

// With a source as the package has it; without one, a place for what openAsync opened.
NAN_METHOD(VideoCapture::New) {
  FF::TryCatch tryCatch("VideoCapture::New");
  FF_ASSERT_CONSTRUCT_CALL();
  VideoCapture* self = new VideoCapture();
  if (info.Length() > 0) {
    int backend = cv::CAP_ANY;
    if (FF::StringConverter::arg(0, &self->path, info) || FF::IntConverter::optArg(1, &backend, info)) return tryCatch.reThrow();
    if (!self->self.open(self->path, backend)) return tryCatch.throwError("failed to open capture");
  }
  self->Wrap(info.Holder());
  info.GetReturnValue().Set(info.Holder());
}

NAN_METHOD(VideoCapture::Release) {
  Nan::ObjectWrap::Unwrap<VideoCapture>(info.This())->self.release();
}

NAN_METHOD(VideoCapture::Read) {
  FF::executeSyncBinding(std::make_shared<VideoCaptureBindings::ReadWorker>(VideoCapture::unwrapSelf(info)), "VideoCapture::Read", info);
}

NAN_METHOD(VideoCapture::ReadAsync) {
  FF::executeAsyncBinding(std::make_shared<VideoCaptureBindings::ReadWorker>(VideoCapture::unwrapSelf(info)), "VideoCapture::ReadAsync", info);
}
