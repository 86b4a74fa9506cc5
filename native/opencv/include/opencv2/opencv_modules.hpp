// The OpenCV modules Roomwatch uses. Found before Debian's own list, it keeps the
// binding from compiling and linking the rest (calib3d, tracking, ...).
#define HAVE_OPENCV_CORE
#define HAVE_OPENCV_DNN
#define HAVE_OPENCV_IMGPROC
#ifdef ROOMWATCH_FULL
#define HAVE_OPENCV_HIGHGUI
#define HAVE_OPENCV_IMGCODECS
#define HAVE_OPENCV_VIDEOIO
#endif
