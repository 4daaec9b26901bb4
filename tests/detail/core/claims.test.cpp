#include "ae/detail/core/claims.hpp"

#include <array>
#include <vector>

#include "support/expect.hpp"

using ae::detail::times;
using ae::detail::values_of;

namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

template <std::size_t N>
std::optional<std::uint64_t> values(const std::array<std::uint64_t, N>& shape) {
  return values_of(shape);
}

}  // namespace

TEST_CASE("a product that 64 bits can count is exact") {
  CHECK(times(6, 7) == 42);
  CHECK(times(most, 1) == most);
  CHECK(times(most / 2, 2) == most - 1);
  CHECK(times(1ULL << 32, (1ULL << 32) - 1) == most - (1ULL << 32) + 1);
  CHECK(times(most, 0) == 0);
  CHECK(times(0, most) == 0);
}

TEST_CASE("a product that 64 bits cannot count is nothing, and stays so") {
  CHECK_FALSE(times(most, 2).has_value());
  CHECK_FALSE(times(1ULL << 32, 1ULL << 32).has_value());
  CHECK_FALSE(times(times(most, 2), 0).has_value());
}

TEST_CASE("the values of a shape are the product of its sizes") {
  CHECK(values(std::array<std::uint64_t, 0>{}) == 1);
  CHECK(values(std::array<std::uint64_t, 3>{2, 3, 4}) == 24);
  CHECK(values(std::array<std::uint64_t, 2>{0, most}) == 0);
  CHECK_FALSE(values(std::array<std::uint64_t, 3>{most, 2, 0}).has_value());
}

TEST_CASE("the size of a matrix is signed") {
  CHECK(ae::detail::fits_index(most / 2));
  CHECK_FALSE(ae::detail::fits_index(most / 2 + 1));
}

TEST_CASE("a shape is written as a list, and cut if it is long") {
  using ae::detail::shape_text;
  CHECK(shape_text({}) == "[]");
  CHECK(shape_text(std::array<std::uint64_t, 2>{2, most}) == "[2, 18446744073709551615]");
  const std::string cut = shape_text(std::vector<std::uint64_t>(1000, 7));
  CHECK(cut.size() < 100);
  CHECK(cut.ends_with(", 7, ..."));
}

TEST_CASE("a text is written in printable ASCII, and cut if it is long") {
  using ae::detail::shown;
  CHECK(shown("layer.0 \"~\"") == "layer.0 \"~\"");
  CHECK(shown(std::string_view("\xC3\xA9\x1B\0\x7F", 5)) == "?????");
  CHECK(shown(std::string(1000, 'n')) == std::string(80, 'n'));
  CHECK(shown("abc", 1) == "a");
}
