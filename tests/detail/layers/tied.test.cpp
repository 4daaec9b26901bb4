#include "ae/detail/layers/tied.hpp"

#include "support/expect.hpp"

TEST_CASE("a tied weight is the transpose of its mirror image") {
  ae::Stack<double> layers({6, 4, 2, 4, 6});
  ae::detail::initialize(layers, ae::XavierUniform{}, 1);
  CHECK(ae::detail::mirror(layers, 1) == 2);
  ae::detail::require_mirrored(layers);
  ae::detail::tie(layers, 0);
  const ae::Matrix<double> encoder = ae::detail::parameter_of(layers, 0, 0).value;
  CHECK(ae::Matrix<double>(ae::detail::parameter_of(layers, 3, 0).value) == encoder.transpose());
}

TEST_CASE("layers without a mirror image are refused") {
  ae::Stack<double> odd({6, 4, 5, 6}), uneven({6, 4, 2, 5, 6});
  CHECK(says(message_of<ae::ShapeError>([&] { ae::detail::require_mirrored(odd); }), "3 layers"));
  CHECK(says(message_of<ae::ShapeError>([&] { ae::detail::require_mirrored(uneven); }), "6 x 4",
             "layer 3", "found 6 x 5"));
}
