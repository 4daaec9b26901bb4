#include "ae/detail/training/objective.hpp"

#include "support/expect.hpp"
#include "support/gradient_check.hpp"
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

TEST_CASE_TEMPLATE("missing values have no part in the loss and in its gradient", Loss, ae::Mse,
                   ae::Huber, ae::BinaryCrossEntropy) {
  Layers layers({70, 4, 70});  // more rows than are copied at once
  ae::detail::initialize(layers, ae::XavierUniform{}, 1);
  const Matrix<double> x = Matrix<double>::Random(70, 5);
  const Matrix<double> target = Matrix<double>::Random(70, 5).cwiseAbs();
  const Matrix<double> present =
      (Matrix<double>::Random(70, 5).array() > -0.3).select(Matrix<double>::Ones(70, 5), 0);
  const auto there = ae::linalg::const_view(present);
  const ae::detail::Batch<double> batch{
      .x = ae::linalg::const_view(x), .target = ae::linalg::const_view(target), .present = there};
  ae::detail::Objective objective(layers, ae::detail::FitParts(Loss{}), 0, 0, 1);
  const auto loss = [&] { return objective.forward(batch, 0); };

  ae::Workspace<double> workspace;
  ae::detail::forward(layers, x, workspace);
  const Eigen::ArrayXXd y = workspace.output(1).array(), t = target.array();
  const Eigen::ArrayXXd losses = Loss{}.value(y, t);
  CHECK(loss() == doctest::Approx((losses * present.array()).sum() / present.sum()));

  ae::detail::PerParameter<double> gradients;
  gradients.prepare(layers);
  objective.backward(batch, gradients);
  for (Index i = 0; i < 2; ++i) {
    for (Index p = 0; p < 2; ++p) {
      CHECK(gradient_error(parameter_of(layers, i, p).value, gradients(i, p), loss) < 1e-7);
    }
  }
}
