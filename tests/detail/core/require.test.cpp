#include "ae/detail/core/require.hpp"

#include <type_traits>

#include "support/expect.hpp"

static_assert(std::is_base_of_v<std::runtime_error, ae::Error>);

TEST_CASE_TEMPLATE("every error is an ae::Error", E, ae::ShapeError, ae::OptionError, ae::FileError,
                   ae::DivergenceError) {
  CHECK(std::is_base_of_v<ae::Error, E>);
}

TEST_CASE("text puts its parts one behind the other") {
  CHECK(ae::detail::text("a", 1, ' ', 2.5, std::string("b")) == "a1 2.5b");
}

TEST_CASE("a shape is written as rows x cols") {
  CHECK(ae::detail::text(ae::detail::shape(3, 12)) == "3 x 12");
}

TEST_CASE("what is required and holds throws nothing") {
  CHECK_NOTHROW(ae::detail::require<ae::OptionError>(true, "unused"));
}

TEST_CASE("what is required and does not hold throws the error asked for, with its parts as text") {
  CHECK(message_of<ae::OptionError>([] {
          ae::detail::require<ae::OptionError>(false, "expected ", 1, ", found ", 2);
        }) == "expected 1, found 2");
}

TEST_CASE("a divergence says where it was") {
  const ae::DivergenceError error("lost", 7, 5, 3);
  CHECK(std::string(error.what()) == "lost");
  CHECK(error.epoch == 7);
  CHECK(error.step == 5);
  CHECK(error.layer == 3);
}
