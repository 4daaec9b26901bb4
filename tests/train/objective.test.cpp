#include "ae/train/objective.hpp"

#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;

namespace {

using Layers = ae::Stack<double, ae::Elu, ae::Identity>;

Layers mirrored() {
  Layers layers({6, 4, 2, 4, 6});
  ae::initialize(layers, ae::XavierUniform{}, 1);
  for (Index i = 0; i < 2; ++i) ae::tie(layers, i);
  return layers;
}

}  // namespace

TEST_CASE("tied weights and untied copies of them have the same loss, and gradients of one sum") {
  Layers layers = mirrored(), copies = layers;
  const Matrix<double> x = Matrix<double>::Random(6, 10);
  const ae::Recipe tied(ae::TiedWeights{});
  const ae::Recipe untied;
  ae::Objective one(layers, tied, 1, 0, 1);
  ae::Objective other(copies, untied, 1, 0, 1);
  CHECK(one.forward({x, x}, 0) == other.forward({x, x}, 0));
  ae::PerParameter<double> sums, parts;
  sums.prepare(layers);
  parts.prepare(copies);
  one.backward({x, x}, sums);
  other.backward({x, x}, parts);
  for (Index i = 0; i < 2; ++i) {
    CHECK(sums(i, 0).isApprox(parts(i, 0) + parts(3 - i, 0).transpose(), 1e-12));
    CHECK(one.is_copy(3 - i, 0));
    CHECK(!one.is_copy(3 - i, 1));
    CHECK(!one.is_copy(i, 0));
  }
}

TEST_CASE("the penalty counts tied weights once, and no biases") {
  Layers layers = mirrored();
  for (Index i = 0; i < 4; ++i) ae::parameter_of(layers, i, 1).value.setConstant(9);
  double squares = 0;
  for (Index i = 0; i < 4; ++i) squares += ae::parameter_of(layers, i, 0).value.squaredNorm();
  const ae::Recipe tied(ae::TiedWeights{}, ae::L2{2});
  const ae::Recipe untied(ae::L2{2});
  CHECK(ae::Objective(layers, untied, 1, 0, 1).weight_penalty() == doctest::Approx(squares));
  CHECK(ae::Objective(layers, tied, 1, 0, 1).weight_penalty() == doctest::Approx(squares / 2));
}

TEST_CASE("what should come out need not be what goes in") {
  Layers layers = mirrored();
  const Matrix<double> x = Matrix<double>::Random(6, 10), target = Matrix<double>::Random(6, 10);
  ae::Workspace<double> workspace;
  ae::forward(layers, x, workspace);
  const ae::Recipe recipe;
  ae::Objective objective(layers, recipe, 1, 0, 1);
  CHECK(objective.forward({x, target}, 0) ==
        doctest::Approx((workspace.output(3) - target).squaredNorm() / 60));
}
