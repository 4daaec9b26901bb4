#include "ae/detail/layers/parameter_list.hpp"

#include <utility>

#include "support/expect.hpp"

using ae::Index;
using ae::detail::ParameterList;

namespace {

/// Two of a layer, none of the next, one of the last.
ParameterList<char> listed() {
  ParameterList<char> list;
  list.add('a');
  list.add('b');
  list.end_layer();
  list.end_layer();
  list.add('c');
  list.end_layer();
  return list;
}

}  // namespace

TEST_CASE("parameters are found by layer, also behind a layer without any") {
  const auto list = listed();
  CHECK(list.layers() == 3);
  CHECK(list.count(0) == 2);
  CHECK(list.count(1) == 0);
  CHECK(list.count(2) == 1);
  CHECK(list(0, 1) == 'b');
  CHECK(list(2, 0) == 'c');
}

TEST_CASE("every place is visited once, in order") {
  std::string seen;
  const auto list = listed();
  ae::detail::for_each_place(list, [&](Index layer, Index p) { seen += list(layer, p); });
  CHECK(seen == "abc");
}

TEST_CASE("a list that was moved from has no layers") {
  auto list = listed();
  const auto moved = std::move(list);
  CHECK(moved.layers() == 3);
  CHECK(list.layers() == 0);
}
