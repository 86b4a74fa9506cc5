{
  # opencv4nodejs with only the sources Roomwatch uses, against the system's OpenCV 4, in two forms that share their objects:
  # - opencv4nodejs: image processing and neural networks; needs a tenth of the libraries (no GDAL, no GTK or Qt)
  # - opencv4nodejs-full: besides, windows (display: true) and video files (replay --video). `--full=0` leaves it out.
  "variables": { "full%": 1, "cc": "../../node_modules/opencv4nodejs/cc" },
  "target_defaults": {
    "defines": ["HAVE_OPENCV_CORE", "HAVE_OPENCV_IMGPROC", "HAVE_OPENCV_DNN"],
    "include_dirs": [
      "include",
      "<!@(pkg-config --cflags-only-I opencv4 | sed s/-I//g)",
      "<(cc)", "<(cc)/core", "<(cc)/native-node-utils", "../../node_modules/nan",
    ],
    # The C++ standard is the one that this Node's own headers ask for.
    "cflags_cc": ["-w", "-O2", "-g0"],
    "cflags_cc!": ["-fno-rtti", "-fno-exceptions"],
    "ldflags": ["-Wl,--as-needed"],
  },
  "targets": [{
    "target_name": "opencv4nodejs-parts",
    "type": "static_library",
    "sources": [
      "<(cc)/CustomMatAllocator.cc", "<(cc)/ExternalMemTracking.cc",
      "<!@(ls <(cc)/core/*.cc <(cc)/imgproc/*.cc <(cc)/dnn/*.cc)",
    ],
  }, {
    "target_name": "opencv4nodejs",
    "dependencies": ["opencv4nodejs-parts"],
    "sources": ["<(cc)/opencv4nodejs.cc"],
    "libraries": ["-lopencv_core", "-lopencv_imgproc", "-lopencv_dnn"],
  }],
  "conditions": [["full==1", {
    "targets": [{
      "target_name": "opencv4nodejs-full",
      "dependencies": ["opencv4nodejs-parts"],
      "defines": ["HAVE_OPENCV_IMGCODECS", "HAVE_OPENCV_VIDEOIO", "HAVE_OPENCV_HIGHGUI"],
      "sources": ["<(cc)/opencv4nodejs.cc", "<!@(ls <(cc)/io/*.cc <(cc)/highgui/*.cc)"],
      "libraries": [
        "-lopencv_core", "-lopencv_imgproc", "-lopencv_dnn", "-lopencv_imgcodecs", "-lopencv_videoio", "-lopencv_highgui",
      ],
    }],
  }]],
}
