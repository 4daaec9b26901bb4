#include "ae/detail/core/function_ref.hpp"

#include "support/expect.hpp"

TEST_CASE("a reference calls what it refers to, whatever its type") {
  int calls = 0;
  const auto add = [&](int number) {
    ++calls;
    return number + 1;
  };
  const ae::detail::FunctionRef<int(int)> reference(add);
  const ae::detail::FunctionRef<int(int)> copy = reference;
  CHECK(reference(1) == 2);
  CHECK(copy(2) == 3);
  CHECK(calls == 2);
}

TEST_CASE("an argument that is a reference is the caller's own") {
  const auto change = [](int& number) { number = 7; };
  const ae::detail::FunctionRef<void(int&)> reference(change);
  int number = 0;
  reference(number);
  CHECK(number == 7);
}
