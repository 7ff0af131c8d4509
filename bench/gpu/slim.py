"""python3 slim.py LIBRARY ARCHITECTURE: leave a CUDA library's kernels for one architecture (90: H100, H200), in place.

For a machine that takes little at a time: onnxruntime's provider of 272 MB then compresses to 88 MB (gzip) or 50 MB (zstd)
instead of 180. Kernels
of other architectures become zeros where the same container has one of this architecture; nothing moves. Prints the bytes.
"""

import mmap
import struct
import sys

SECTION = b".nv_fatbin"
MAGIC = b"\x50\xed\x55\xba"  # of a container (NVIDIA's fatbinary.h), aligned to 8 bytes


def main() -> None:
    path, architecture = sys.argv[1], int(sys.argv[2])
    with open(path, "r+b") as file, mmap.mmap(file.fileno(), 0) as library:
        print(sum(slim(library, *place, architecture) for place in sections(library)))


def sections(library) -> list[tuple[int, int]]:
    """Start and end of those of a 64-bit ELF that hold containers."""
    at = struct.unpack_from("<Q", library, 40)[0]
    size, count, names = struct.unpack_from("<HHH", library, 58)
    headers = [struct.unpack_from("<IIQQQQ", library, at + n * size) for n in range(count)]  # name, type, …, offset, size
    strings = headers[names][4]
    named = [h for h in headers if library[strings + h[0] : strings + h[0] + len(SECTION) + 1] == SECTION + b"\0"]
    return [(h[4], h[4] + h[5]) for h in named]


def slim(library, start: int, end: int, architecture: int) -> int:
    zeroed = 0
    while start < end:
        if library[start : start + 4] != MAGIC:
            start += 8
            continue
        header, length = struct.unpack_from("<HQ", library, start + 6)
        last = start + header + length
        kernels = list(kernels_of(library, start + header, last))
        if any(found == architecture for found, _, _ in kernels):
            for found, at, size in kernels:
                if found != architecture:
                    library[at : at + size] = bytes(size)
                    zeroed += size
        start = last
    return zeroed


def kernels_of(library, at: int, end: int):
    """Architecture, place and bytes of each kernel of a container."""
    while at < end:
        header, size = struct.unpack_from("<IQ", library, at + 4)
        yield struct.unpack_from("<I", library, at + 28)[0], at + header, size
        at += header + size


if __name__ == "__main__":
    main()
