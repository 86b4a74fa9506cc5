{
  # opencv4nodejs with only the sources Roomwatch uses, against the system's OpenCV 4.
  # 0 leaves out the window and with it GTK, for machines without a screen.
  "variables": { "window%": 1 },
  "targets": [{
    "target_name": "opencv4nodejs",
    "include_dirs": [
      "include",
      "<!@(pkg-config --cflags-only-I libavformat libavcodec libavutil libswscale | sed s/-I//g)",
      "<!@(pkg-config --cflags-only-I opencv4 | sed s/-I//g)",
      "../../node_modules/opencv4nodejs/cc", "../../node_modules/opencv4nodejs/cc/core", "../../node_modules/nan", "../../node_modules/opencv4nodejs/cc/native-node-utils",
    ],
    "libraries": ["-lopencv_core", "-lopencv_imgproc", "-lopencv_imgcodecs", "-lopencv_videoio",
                  "<!@(pkg-config --libs libavformat libavcodec libavutil libswscale)", "-ljpeg"],
    "sources": [
      "../../node_modules/opencv4nodejs/cc/opencv4nodejs.cc", "../../node_modules/opencv4nodejs/cc/CustomMatAllocator.cc", "../../node_modules/opencv4nodejs/cc/ExternalMemTracking.cc",
      "../../node_modules/opencv4nodejs/cc/core/core.cc", "../../node_modules/opencv4nodejs/cc/core/coreConstants.cc", "../../node_modules/opencv4nodejs/cc/core/HistAxes.cc", "../../node_modules/opencv4nodejs/cc/core/Mat.cc",
      "../../node_modules/opencv4nodejs/cc/core/Point.cc", "../../node_modules/opencv4nodejs/cc/core/Vec.cc", "../../node_modules/opencv4nodejs/cc/core/Size.cc", "../../node_modules/opencv4nodejs/cc/core/Rect.cc",
      "../../node_modules/opencv4nodejs/cc/core/RotatedRect.cc", "../../node_modules/opencv4nodejs/cc/core/TermCriteria.cc",
      "../../node_modules/opencv4nodejs/cc/imgproc/imgproc.cc", "../../node_modules/opencv4nodejs/cc/imgproc/imgprocConstants.cc", "../../node_modules/opencv4nodejs/cc/imgproc/MatImgproc.cc",
      "../../node_modules/opencv4nodejs/cc/imgproc/Contour.cc", "../../node_modules/opencv4nodejs/cc/imgproc/Moments.cc",
      "../../node_modules/opencv4nodejs/cc/io/io.cc", "../../node_modules/opencv4nodejs/cc/io/ioConstants.cc", "video-capture.cc", "frame-reader.cc", "video-source.cc", "block-means.cc", "give-back.cc", "plane-shrink.cc", "small-picture.cc", "live-jpeg.cc", "../../node_modules/opencv4nodejs/cc/io/VideoWriter.cc",
    ],
    # The C++ standard is the one that this Node's own headers ask for.
    "cflags_cc": ["-w", "-O2", "-g0"],
    "cflags_cc!": ["-fno-rtti", "-fno-exceptions"],
    "conditions": [["window==1", {
      "defines": ["ROOMWATCH_WINDOW"],
      "libraries": ["-lopencv_highgui"],
      "sources": [
        "../../node_modules/opencv4nodejs/cc/highgui/highgui.cc", "../../node_modules/opencv4nodejs/cc/highgui/highguiConstants.cc",
      ],
    }, {
      "defines": ["HAVE_IO"],
      "sources": ["no-window.cc"],
    }]],
    "ldflags": ["-Wl,--as-needed"],
  }]
}
