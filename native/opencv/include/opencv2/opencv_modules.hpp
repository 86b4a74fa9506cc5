// The OpenCV modules Roomwatch uses. Found before Debian's own list, it keeps the
// binding from compiling and linking the rest (dnn, calib3d, tracking, ...).
#define HAVE_OPENCV_CORE
#ifdef ROOMWATCH_WINDOW
#define HAVE_OPENCV_HIGHGUI
#endif
#define HAVE_OPENCV_IMGCODECS
#define HAVE_OPENCV_IMGPROC
#define HAVE_OPENCV_VIDEOIO
