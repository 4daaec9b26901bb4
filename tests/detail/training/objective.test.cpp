#include "ae/detail/training/objective.hpp"

#include "support/expect.hpp"
#include "support/parameters.hpp"

using ae::Index;
using ae::Matrix;

namespace {

using Layers = ae::Stack<double, ae::Elu, ae::Identity>;

Layers mirrored() {
  Layers layers({6, 4, 2, 4, 6});
  ae::detail::initialize(layers, ae::XavierUniform{}, 1);
  auto network = ae::detail::trainable(layers);
  for (Index i = 0; i < 2; ++i) ae::detail::tie(network, i);
  return layers;
}

ae::detail::Batch<double> batch_of(const Matrix<double>& x, const Matrix<double>& target) {
  return {ae::linalg::const_view(x), ae::linalg::const_view(target)};
}

}  // namespace

TEST_CASE("tied weights and untied copies of them have the same loss, and gradients of one sum") {
  Layers layers = mirrored(), copies = layers;
  const Matrix<double> x = Matrix<double>::Random(6, 10);
  const ae::detail::FitParts tied(ae::TiedWeights{});
  const ae::detail::FitParts untied;
  ae::detail::Objective one(layers, tied, 1, 0, 1);
  ae::detail::Objective other(copies, untied, 1, 0, 1);
  CHECK(one.forward(batch_of(x, x), 0) == other.forward(batch_of(x, x), 0));
  ae::detail::PerParameter<double> sums, parts;
  sums.prepare(layers);
  parts.prepare(copies);
  one.backward(batch_of(x, x), sums);
  other.backward(batch_of(x, x), parts);
  for (Index i = 0; i < 2; ++i) {
    CHECK(sums(i, 0).isApprox(parts(i, 0) + parts(3 - i, 0).transpose(), 1e-12));
    CHECK(one.is_copy(3 - i, 0));
    CHECK(!one.is_copy(3 - i, 1));
    CHECK(!one.is_copy(i, 0));
  }
}

TEST_CASE("the penalty counts tied weights once, and no biases") {
  Layers layers = mirrored();
  for (Index i = 0; i < 4; ++i) parameter_of(layers, i, 1).value.setConstant(9);
  double squares = 0;
  for (Index i = 0; i < 4; ++i) squares += parameter_of(layers, i, 0).value.squaredNorm();
  const ae::detail::FitParts tied(ae::TiedWeights{}, ae::L2{2});
  const ae::detail::FitParts untied(ae::L2{2});
  CHECK(ae::detail::Objective(layers, untied, 1, 0, 1).weight_penalty() ==
        doctest::Approx(squares));
  CHECK(ae::detail::Objective(layers, tied, 1, 0, 1).weight_penalty() ==
        doctest::Approx(squares / 2));
}

TEST_CASE("what should come out need not be what goes in") {
  Layers layers = mirrored();
  const Matrix<double> x = Matrix<double>::Random(6, 10), target = Matrix<double>::Random(6, 10);
  ae::Workspace<double> workspace;
  ae::detail::forward(layers, x, workspace);
  const ae::detail::FitParts parts;
  ae::detail::Objective objective(layers, parts, 1, 0, 1);
  CHECK(objective.forward(batch_of(x, target), 0) ==
        doctest::Approx((workspace.output(3) - target).squaredNorm() / 60));
}
