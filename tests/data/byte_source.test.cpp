#include "ae/data/byte_source.hpp"

#include <array>

#include "ae/data/scaler.hpp"
#include "support/expect.hpp"

using ae::ByteSource;
using ae::Element;
using ae::Index;
using ae::Matrix;

static_assert(ae::Source<ByteSource>);

namespace {

/// A number's bytes, the highest first.
template <class Number>
std::string big_endian(Number number) {
  const auto bytes = std::bit_cast<std::array<char, sizeof(Number)>>(number);
  return {bytes.rbegin(), bytes.rend()};
}

/// Reads one number that is stored in either order.
template <class Number>
std::pair<double, double> stored(Number number, Element element) {
  const std::string big = big_endian(number), little(big.rbegin(), big.rend());
  return {ByteSource(big, 0, 1, element, std::endian::big).matrix<double>()(0),
          ByteSource(little, 0, 1, element, std::endian::little).matrix<double>()(0)};
}

}  // namespace

TEST_CASE("every type is read in both orders of bytes") {
  const auto both = [](double value) { return std::pair(value, value); };
  CHECK(stored(std::uint8_t{200}, Element::u1) == both(200));
  CHECK(stored(std::int8_t{-100}, Element::i1) == both(-100));
  CHECK(stored(std::int16_t{-30'000}, Element::i2) == both(-30'000));
  CHECK(stored(std::int32_t{-2'000'000'000}, Element::i4) == both(-2'000'000'000));
  CHECK(stored(-1.5e-10f, Element::f4) == both(-1.5e-10f));
  CHECK(stored(-1.5e-300, Element::f8) == both(-1.5e-300));
}

TEST_CASE("picked samples come in the order of the picks, in any scalar type") {
  const ByteSource source("header\1\2\3\4\5\6", 6, 2, Element::u1, std::endian::little);
  CHECK(source.features() == 2);
  CHECK(source.samples() == 3);
  const std::array<Index, 4> picks{2, 0, 1, 0};
  Matrix<float> x(2, 4);
  source.read<float>(picks, x);
  CHECK((x == Matrix<float>{{5, 1, 3, 1}, {6, 2, 4, 2}}));
  CHECK((source.matrix<double>() == Matrix<double>{{1, 3, 5}, {2, 4, 6}}));
}

TEST_CASE("copies share the bytes and outlive the first") {
  auto first = std::make_unique<ByteSource>("\1\2", 0, 1, Element::u1, std::endian::little);
  const ByteSource copy = *first;
  first.reset();
  CHECK((copy.matrix() == Matrix<float>{{1, 2}}));
}

TEST_CASE("a source of bytes is data like any other") {
  const ByteSource source("\1\3\5\7", 0, 2, Element::u1, std::endian::little);
  CHECK((ae::Scaler<float>::fit(source).center() == ae::Vector<float>{{3, 5}}));
}

TEST_CASE("no samples are no error") {
  CHECK(ByteSource("header", 6, 2, Element::f8, std::endian::little).samples() == 0);
}

TEST_CASE("bytes that are no whole number of samples are refused") {
  const auto error = [](std::size_t size, Index features, Element element) {
    return message_of<ae::ShapeError>(
        [&] { ByteSource(std::string(size, 'x'), 4, features, element, std::endian::little); });
  };
  CHECK(says(error(9, 2, Element::u1), "samples of 2 values of 1 bytes", "found 5 bytes"));
  CHECK(says(error(16, 2, Element::f8), "samples of 2 values of 8 bytes", "found 12 bytes"));
  CHECK(says(error(3, 2, Element::u1), "at least 4 bytes, found 3"));
}

TEST_CASE("samples without values are refused") {
  for (const Index features : {0, -3}) {
    CHECK(says(message_of<ae::OptionError>(
                   [&] { ByteSource("12", 0, features, Element::u1, std::endian::little); }),
               "at least 1 value", ae::detail::text("found ", features)));
  }
}
