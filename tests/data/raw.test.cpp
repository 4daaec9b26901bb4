#include "ae/data/raw.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "support/expect.hpp"
#include "support/files.hpp"

using ae::Element;
using ae::FileError;
using ae::Matrix;

namespace {

/// Three samples of two features.
template <class Scalar>
Matrix<Scalar> samples() {
  Matrix<Scalar> x(2, 3);
  x << 1, -2.5, 1e10, 0, 0.125, 3;
  return x;
}

template <class Scalar>
std::string bytes_of(const Matrix<Scalar>& x) {
  std::string bytes(reinterpret_cast<const char*>(x.data()),
                    static_cast<std::size_t>(x.size()) * sizeof(Scalar));
  if (std::endian::native == std::endian::big) {
    for (auto at = bytes.begin(); at != bytes.end(); at += sizeof(Scalar)) {
      std::reverse(at, at + sizeof(Scalar));
    }
  }
  return bytes;
}

}  // namespace

TEST_CASE("numbers of 32 and 64 bits are read, sample behind sample") {
  const auto singles = ae::raw::parse(bytes_of(samples<float>()), 2);
  CHECK(singles.features() == 2);
  CHECK(singles.samples() == 3);
  CHECK((singles.matrix() == samples<float>()));
  const auto doubles = ae::raw::parse(bytes_of(samples<double>()), 2, Element::f8);
  CHECK((doubles.matrix<double>() == samples<double>()));
  CHECK((doubles.matrix<float>() == samples<float>()));
}

TEST_CASE("they are little endian") {
  CHECK((ae::raw::parse(std::string("\x00\x00\x80\x3f", 4), 1).matrix()(0) == 1.0f));
}

TEST_CASE("bytes that are no whole number of samples are refused with their size") {
  for (const std::size_t size : {1u, 7u, 9u, 20u}) {
    CHECK(says(message_of<FileError>([&] { ae::raw::parse(std::string(size, 'x'), 2); }),
               "samples of 2 values of 4 bytes", ae::detail::text("found ", size, " bytes")));
  }
  CHECK(says(message_of<FileError>([] { ae::raw::parse("", 2); }), "at least one sample of 2"));
}

TEST_CASE("a number of features that no file could have is refused") {
  for (const ae::Index features : {ae::Index{0}, ae::Index{-1}}) {
    CHECK(says(message_of<ae::OptionError>([&] { ae::raw::parse("12345678", features); }),
               "at least 1 value", ae::detail::text("found ", features)));
  }
  const ae::Index huge = std::numeric_limits<ae::Index>::max();
  CHECK(says(message_of<FileError>([&] { ae::raw::parse("12345678", huge); }), "found 8 bytes"));
}

TEST_CASE("a file is read, and named where it is wrong") {
  const TemporaryFolder folder;
  put(folder / "good.bin", bytes_of(samples<float>()));
  CHECK((ae::raw::read(folder / "good.bin", 2).matrix() == samples<float>()));
  CHECK(says(message_of<FileError>([&] { ae::raw::read(folder / "good.bin", 5); }),
             (folder / "good.bin").string(), "5 values", "found 24 bytes"));
}

TEST_CASE("several files are one set") {
  const TemporaryFolder folder;
  put(folder / "a", bytes_of(samples<float>()));
  const auto twice = ae::raw::read(ae::Paths{folder / "a", folder / "a"}, 2);
  CHECK((twice.matrix() == samples<float>().replicate(1, 2)));
  put(folder / "half", bytes_of(samples<float>()).substr(4));
  CHECK(says(message_of<FileError>([&] {
               ae::raw::read(ae::Paths{folder / "a", folder / "half"}, 2);
             }),
             (folder / "half").string(), "whole number of samples"));
}

TEST_CASE("a file of numbers can be mapped into memory") {
  const TemporaryFolder folder;
  put(folder / "a.bin", bytes_of(samples<float>()));
  const ae::ByteSource mapped = ae::raw::map(folder / "a.bin", 2);
  CHECK((mapped.matrix() == samples<float>()));
  CHECK_THROWS_AS(ae::raw::map(folder / "a.bin", 4), ae::FileError);
  CHECK_THROWS_AS(ae::raw::map(folder / "a.bin", 0), ae::OptionError);
  put(folder / "none.bin", "");
  CHECK_THROWS_AS(ae::raw::map(folder / "none.bin", 3), ae::FileError);
}
