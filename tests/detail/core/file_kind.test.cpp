#include "ae/detail/core/file_kind.hpp"

#include "ae/core/error.hpp"
#include "ae/data/idx.hpp"
#include "ae/data/npy.hpp"
#include "ae/data/raw.hpp"
#include "support/expect.hpp"

namespace {

/// A zip archive whose first file has this name.
std::string zip(const std::string& name) {
  std::string bytes("PK\x03\x04", 4);
  bytes.resize(30);
  bytes[26] = static_cast<char>(name.size());
  return bytes + name + "content";
}

std::string kind(const std::string& bytes) {
  return std::string(ae::detail::file_kind(bytes));
}

}  // namespace

TEST_CASE("files that are often met are known by their first bytes") {
  CHECK(says(kind(zip("arr_0.npy")), ".npz", "numpy.save"));
  CHECK(says(kind(zip("archive/data.pkl")), "torch.save", "save_file"));
  CHECK(says(kind(zip("model/.format_version")), "torch.save"));
  CHECK(says(kind(zip("metadata.json")), ".keras", "save_file"));
  CHECK(says(kind(zip("holiday.jpg")), "a zip archive; unpack"));
  CHECK(says(kind("PK\x03\x04"), "a zip archive; unpack"));
  CHECK(says(kind("\xef\xbb\xbf \n<!DOCTYPE html><html>"), "HTML"));
  CHECK(says(kind("<HTML><head>"), "HTML"));
  CHECK(says(kind("\x89HDF\r\n\x1a\n..."), "HDF5"));
  CHECK(says(kind("\x80\x04\x95..."), "pickle"));
  CHECK(says(kind("\x1f\x8b\x08"), "gzip"));
  CHECK(says(kind("BZh9"), "bzip2"));
  CHECK(says(kind("\xfd"
                  "7zXZ"),
             "xz"));
  std::string tar(257, 'a');
  tar.append(
      "ustar\0"
      "00",
      8);
  CHECK(says(kind(tar), "tar"));
  CHECK(says(kind("\x93NUMPY\x01"), ".npy"));
  CHECK(says(kind("\x89PNG\r\n\x1a\n"), "PNG"));
  CHECK(says(kind("\xff\xd8\xff\xe0"), "JPEG"));
  CHECK(says(kind("version https://git-lfs.github.com/spec/v1\n"), "git lfs pull"));
  CHECK(says(kind(std::string("\xff\xfe"
                              "1\0",
                              4)),
             "UTF-16"));
  CHECK(says(kind(std::string("\x02\0\0\0\0\0\0\0{}", 10)), "safetensors"));
}

TEST_CASE("whatever else a file is, nothing is said of it") {
  for (const std::string& bytes :
       {std::string(), std::string("P"), std::string("1,2,3\n4,5,6\n"), std::string(600, '\0'),
        std::string("\x80"), std::string("\x80\x09"), std::string("<5")}) {
    CHECK(kind(bytes).empty());
  }
}

TEST_CASE("readers of numbers say what a file is in place of theirs") {
  const std::string html = "<html>404 Not Found</html>", npz = zip("x.npy");
  CHECK(says(message_of<ae::FileError>([&] { ae::npy::parse(npz, "x.npz"); }),
             "x.npz: expected an .npy array, found an .npz archive", "numpy.save"));
  CHECK(says(message_of<ae::FileError>([&] { ae::npy::parse(html, "x.npy"); }), "HTML"));
  CHECK(says(message_of<ae::FileError>([&] { ae::idx::parse(html, "train"); }),
             "train: expected an IDX file, found a page of HTML"));
  CHECK(says(message_of<ae::FileError>([&] { ae::raw::parse(html, 3, ae::Element::f4, "x.bin"); }),
             "x.bin: expected nothing but numbers, found a page of HTML"));
}
