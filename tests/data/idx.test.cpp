#include "ae/data/idx.hpp"

#include "support/expect.hpp"
#include "support/files.hpp"

using ae::FileError;
using ae::Index;
using ae::Matrix;
using ae::idx::parse;

static_assert(ae::Source<ae::idx::Array>);

namespace {

/// The header of an array; type 8 is unsigned bytes.
std::string header(char type, std::initializer_list<std::int64_t> sizes) {
  std::string bytes = {0, 0, type, static_cast<char>(sizes.size())};
  for (const std::int64_t size : sizes) {
    for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(size >> shift & 255);
  }
  return bytes;
}

/// Two pictures of two rows of three pixels.
std::string pictures() {
  return header(8, {2, 2, 3}) + std::string("\0\1\2\3\4\5\xfa\xfb\xfc\xfd\xfe\xff", 12);
}

std::string error_of(const std::string& bytes) {
  return message_of<FileError>([&] { parse(bytes, "file.idx"); });
}

}  // namespace

TEST_CASE("pictures are samples, row by row") {
  const auto array = parse(pictures());
  CHECK(array.sizes == std::vector<Index>{2, 2, 3});
  CHECK(array.features() == 6);
  CHECK(array.samples() == 2);
  Matrix<float> expected(6, 2);
  expected << 0, 250, 1, 251, 2, 252, 3, 253, 4, 254, 5, 255;
  CHECK((array.matrix() == expected));
}

TEST_CASE("labels are an array of one dimension") {
  const auto array = parse(header(8, {3}) + std::string("\7\0\xff", 3));
  CHECK(array.features() == 1);
  CHECK(array.samples() == 3);
  CHECK(ae::idx::labels(array) == std::vector{7, 0, 255});
}

TEST_CASE("labels of pictures, and those that are not whole, are refused") {
  CHECK(says(message_of<ae::ShapeError>([] { ae::idx::labels(parse(pictures())); }),
             "an array of 1 dimension, found 3"));
  for (const char* bytes : {"\x3f\x00\x00\x00", "\x7f\x80\x00\x00", "\x7f\xc0\x00\x00"}) {
    const std::string array = header(13, {1}) + std::string(bytes, 4);  // 0.5, infinity, NaN
    CHECK(says(message_of<FileError>([&] { ae::idx::labels(parse(array)); }), "whole numbers"));
  }
}

TEST_CASE("every type of numbers is read, big endian") {
  const auto value = [](char type, const std::string& bytes) {
    return parse(header(type, {1}) + bytes).matrix<double>()(0);
  };
  CHECK(value(8, "\xfe") == 254);
  CHECK(value(9, "\xfe") == -2);
  CHECK(value(11, "\xfe\x01") == -511);
  CHECK(value(12, std::string("\0\1\0\2", 4)) == 65538);
  CHECK(value(13, std::string("\x3f\x80\0\0", 4)) == 1);
  CHECK(value(14, std::string("\xc0\x04\0\0\0\0\0\0", 8)) == -2.5);
}

TEST_CASE("another type is refused") {
  for (const int type : {0, 7, 10, 15, 127, 255}) {
    CHECK(says(error_of(header(static_cast<char>(type), {1}) + "x"), "expected a type",
               ae::detail::text("found ", type)));
  }
}

TEST_CASE("what is no IDX file is refused") {
  for (const std::string& bytes : {std::string(), std::string(3, '\0'), std::string("PNG, say"),
                                   std::string("\0\0\x08\0", 4), std::string("\0\1\x08\1", 4)}) {
    CHECK(says(error_of(bytes), "file.idx", "expected an IDX file"));
  }
  CHECK(says(error_of("\x1f\x8b\x08 packed"), "gzip", "unpack"));
}

TEST_CASE("a file that ends within its sizes is refused") {
  CHECK(says(error_of(pictures().substr(0, 15)), "3 dimensions in 16 bytes", "found 15 bytes"));
}

TEST_CASE("numbers that are too few or too many are refused with both counts") {
  CHECK(says(error_of(pictures() + "x"), "2 x 2 x 3 numbers of 1 bytes", "found 13 bytes"));
  CHECK(says(error_of(pictures().substr(0, 27)), "2 x 2 x 3", "found 11 bytes"));
  CHECK(says(error_of(header(8, {2, 0, 3})), "2 x 0 x 3", "at least one", "found 0 bytes"));
  CHECK(says(error_of(header(14, {1}) + "1234567"), "1 numbers of 8 bytes", "found 7 bytes"));
}

TEST_CASE("sizes whose product no integer holds are refused") {
  const std::int64_t most = 4294967295;
  CHECK(says(error_of(header(8, {most, most, most}) + "x"), "4294967295 x 4294967295"));
  const std::int64_t half = std::int64_t{1} << 31;  // their product is 2^64, which is 0 in 64 bits
  CHECK(says(error_of(header(8, {half, half, 4})), "expected", "found 0 bytes"));
}

TEST_CASE("a file is read, and named where it is wrong") {
  const TemporaryFolder folder;
  put(folder / "good", pictures());
  CHECK(ae::idx::read(folder / "good").samples() == 2);
  put(folder / "bad", pictures() + "x");
  CHECK(says(message_of<FileError>([&] { ae::idx::read(folder / "bad"); }),
             (folder / "bad").string(), "13 bytes"));
}

TEST_CASE("several files are one array") {
  const TemporaryFolder folder;
  put(folder / "a", pictures());
  put(folder / "b", header(8, {1, 2, 3}) + "abcdef");
  const auto both = ae::idx::read(ae::Paths{folder / "b", folder / "a"});
  CHECK(both.sizes == std::vector<Index>{3, 2, 3});
  Matrix<float> expected(6, 3);
  expected << 'a', 0, 250, 'b', 1, 251, 'c', 2, 252, 'd', 3, 253, 'e', 4, 254, 'f', 5, 255;
  CHECK((both.matrix() == expected));
  put(folder / "labels", header(8, {2}) + "\1\2");
  CHECK(ae::idx::labels(ae::idx::read(ae::Paths{folder / "labels", folder / "labels"})) ==
        std::vector{1, 2, 1, 2});

  put(folder / "turned", header(8, {1, 3, 2}) + "abcdef");
  put(folder / "wide", header(13, {1, 2, 3}) + std::string(24, 'x'));
  for (const char* other : {"turned", "wide", "labels"}) {
    CHECK(says(message_of<FileError>([&] {
                 ae::idx::read(ae::Paths{folder / "a", folder / other});
               }),
               (folder / other).string(), "as in", "found others"));
  }
}
