#include "ae/parts/contractive.hpp"

#include "ae/detail/training/jacobian_penalty.hpp"
#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;

namespace {

/// The Jacobian of one sample's code, by central differences.
Matrix<double> jacobian(const ae::Stack<double, ae::Tanh>& encoder, const ae::Vector<double>& x) {
  constexpr double step = 1e-5;
  ae::Workspace<double> workspace;
  const auto code = [&](const ae::Vector<double>& at) {
    ae::detail::forward(encoder, at, workspace);
    return Matrix<double>(workspace.output(encoder.size() - 1));
  };
  Matrix<double> found(2, x.size());
  for (Index i = 0; i < x.size(); ++i) {
    const ae::Vector<double> away = step * ae::Vector<double>::Unit(x.size(), i);
    found.col(i) = (code(x + away) - code(x - away)) / (2 * step);
  }
  return found;
}

}  // namespace

TEST_CASE("the penalty is the mean squared norm of the Jacobian, and its estimate tends to it") {
  ae::Stack<double, ae::Tanh> encoder({5, 4, 2});
  ae::detail::initialize(encoder, ae::XavierUniform{}, 2);
  const Matrix<double> x = Matrix<double>::Random(5, 3);
  double expected = 0;
  for (Index i = 0; i < 3; ++i) expected += jacobian(encoder, x.col(i)).squaredNorm() / 3;

  ae::Workspace<double> workspace;
  ae::detail::forward(encoder, x, workspace);
  const auto network = ae::detail::trainable<true>(encoder);
  ae::detail::JacobianPenalty<double> penalty;
  const ae::Random random(1, ae::Purpose::direction);
  const auto compute = [&](const ae::Contractive& part) {
    return penalty.compute(part, network, 1, workspace, random, 1.0);
  };
  CHECK(compute({.lambda = 0.5}) == doctest::Approx(0.5 * expected).epsilon(1e-8));
  CHECK(compute({.lambda = 0.5, .directions = 4000}) ==
        doctest::Approx(0.5 * expected).epsilon(0.05));
}
