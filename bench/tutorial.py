"""The home surveillance tutorial's motion detection (pyimagesearch, 2015), written from its description with Debian's cv2.

Prints one JSON line a frame: the boxes it draws, in pixels of the 500 px wide frame. With --cost nothing is printed a frame.

    /usr/bin/python3 bench/tutorial.py CLIP [--min-area 5000] [--delta-thresh 5] [--cost]
"""

import argparse
import json

import cv2
import numpy


def resize_to_width(frame, width):
    height = int(frame.shape[0] * (width / float(frame.shape[1])))
    return cv2.resize(frame, (width, height), interpolation=cv2.INTER_AREA)


def boxes_of(clip, delta_thresh, min_area):
    capture = cv2.VideoCapture(clip)
    average = None
    while True:
        grabbed, frame = capture.read()
        if not grabbed:
            return
        frame = resize_to_width(frame, 500)
        gray = cv2.GaussianBlur(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), (21, 21), 0)
        if average is None:
            average = gray.astype(numpy.float64)
            yield []
            continue
        cv2.accumulateWeighted(gray, average, 0.5)
        difference = cv2.absdiff(gray, cv2.convertScaleAbs(average))
        changed = cv2.threshold(difference, delta_thresh, 255, cv2.THRESH_BINARY)[1]
        changed = cv2.dilate(changed, None, iterations=2)
        contours, _ = cv2.findContours(changed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        boxes = []
        for contour in contours:
            if cv2.contourArea(contour) < min_area:
                continue
            x, y, w, h = cv2.boundingRect(contour)
            cv2.rectangle(frame, (x, y), (x + w, y + h), (0, 255, 0), 2)
            boxes.append([x, y, w, h])
        yield boxes


def main():
    options = argparse.ArgumentParser()
    options.add_argument("clip")
    options.add_argument("--delta-thresh", type=int, default=5)
    options.add_argument("--min-area", type=int, default=5000)
    options.add_argument("--cost", action="store_true", help="only do the work: nothing is printed a frame")
    asked = options.parse_args()
    frames = 0
    for boxes in boxes_of(asked.clip, asked.delta_thresh, asked.min_area):
        frames += 1
        if not asked.cost:
            print(json.dumps(boxes))
    if asked.cost:
        print(json.dumps({"frames": frames}))


main()
