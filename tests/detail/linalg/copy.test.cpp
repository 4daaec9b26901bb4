#include "ae/detail/linalg/copy.hpp"

#include "support/expect.hpp"

using ae::Index;

TEST_CASE_TEMPLATE("a few numbers are copied, and nothing beside them", Scalar, float, double) {
  constexpr Index width = ae::detail::Blocking<Scalar>::width;
  const ae::Vector<Scalar> from = ae::Vector<Scalar>::Random(5 * width);
  for (Index count = 0; count <= 4 * width; ++count) {
    ae::Vector<Scalar> few = ae::Vector<Scalar>::Constant(5 * width, 7), many = few;
    if (count > 0 && count <= 2 * width) {
      ae::detail::copy_few<width>(from.data() + 1, count, few.data() + 1);
      CHECK(few.segment(1, count) == from.segment(1, count));
      CHECK((few.array() == 7).count() == few.size() - count);
    }
    ae::detail::copy_packets(from.data() + 1, count, many.data() + 1);
    CHECK(many.segment(1, count) == from.segment(1, count));
    CHECK((many.array() == 7).count() == many.size() - count);
  }
}
