#include "ae/detail/layers/tied.hpp"

#include "support/expect.hpp"
#include "support/parameters.hpp"

TEST_CASE("a tied weight is the transpose of its mirror image") {
  ae::Stack<double> layers({6, 4, 2, 4, 6});
  ae::detail::initialize(layers, ae::XavierUniform{}, 1);
  CHECK(ae::detail::mirror(layers, 1) == 2);
  auto network = ae::detail::trainable(layers);
  ae::detail::require_mirrored(network);
  ae::detail::tie(network, 0);
  const ae::Matrix<double> encoder = parameter_of(layers, 0, 0).value;
  CHECK(ae::Matrix<double>(parameter_of(layers, 3, 0).value) == encoder.transpose());
}

TEST_CASE("layers without a mirror image are refused") {
  ae::Stack<double> odd({6, 4, 5, 6}), uneven({6, 4, 2, 5, 6});
  CHECK(says(
      message_of<ae::ShapeError>([&] { ae::detail::require_mirrored(ae::detail::trainable(odd)); }),
      "3 layers"));
  CHECK(says(message_of<ae::ShapeError>(
                 [&] { ae::detail::require_mirrored(ae::detail::trainable(uneven)); }),
             "6 x 4", "layer 3", "found 6 x 5"));
}
