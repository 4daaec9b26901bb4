#include "ae/tools/check_gradients.hpp"

#include "ae/autoencoder.hpp"
#include "ae/parts/activity_penalty.hpp"
#include "ae/parts/corruption.hpp"
#include "support/expect.hpp"

using ae::Matrix;

namespace {

using Model = ae::StackedAutoencoder<double, ae::Stack<double, ae::Tanh, ae::Sigmoid>>;

const Model model({6, 5, 3}, 3);
const Matrix<double> x = Matrix<double>::Random(6, 9);

/// How strong each variant is: so that one type, which is compiled once, serves for all of them.
struct Strength {
  double noise = 0, sparse = 0, contractive = 0, dropout = 0, l2 = 0;
  ae::Index directions = 0;
};

template <class Sparse, class... More>
double error(const Strength& of, const More&... more) {
  return ae::check_gradients(model, x, ae::GaussianNoise{of.noise}, Sparse{of.sparse},
                             ae::Contractive{of.contractive, of.directions},
                             ae::Dropout{of.dropout}, ae::L2{of.l2}, more...)
      .error;
}

/// The larger error of the two penalties for sparse codes.
template <class... More>
double worst(const Strength& of, const More&... more) {
  return std::max(error<ae::SparseL1>(of, more...), error<ae::SparseKl>(of, more...));
}

/// Its derivative is not that of its value.
struct Wrong : ae::Mse {
  auto derivative(const auto& y, const auto& target) const { return 2.1 * (y - target); }
};

}  // namespace

TEST_CASE("the gradients of every variant agree with central differences") {
  CHECK(ae::check_gradients(model, x).error < 1e-6);
  CHECK(ae::check_gradients(model, x, ae::SaltAndPepper{0.3, -1, 1}).error < 1e-6);
  CHECK(worst({}) < 1e-6);
  CHECK(worst({.noise = 0.3}) < 1e-6);
  CHECK(worst({.sparse = 0.1}) < 1e-6);
  CHECK(worst({.contractive = 0.1}) < 1e-6);
  CHECK(worst({.contractive = 0.1, .directions = 2}) < 1e-6);
  CHECK(worst({.dropout = 0.3}) < 1e-6);
  CHECK(worst({.l2 = 0.1}) < 1e-6);
  CHECK(worst({}, ae::TiedWeights{}) < 1e-6);
}

TEST_CASE("the gradients of pairs of variants agree with central differences") {
  CHECK(worst({.noise = 0.3, .sparse = 0.1}) < 1e-6);
  CHECK(worst({.noise = 0.3, .contractive = 0.1}) < 1e-6);
  CHECK(worst({.noise = 0.3, .dropout = 0.3}) < 1e-6);
  CHECK(worst({.noise = 0.3}, ae::TiedWeights{}) < 1e-6);
  CHECK(worst({.sparse = 0.1, .contractive = 0.1}) < 1e-6);
  CHECK(worst({.sparse = 0.1, .dropout = 0.3}) < 1e-6);
  CHECK(worst({.sparse = 0.1}, ae::TiedWeights{}) < 1e-6);
  CHECK(worst({.contractive = 0.1, .dropout = 0.3}) < 1e-6);
  CHECK(worst({.contractive = 0.1}, ae::TiedWeights{}) < 1e-6);
  CHECK(worst({.dropout = 0.3}, ae::TiedWeights{}) < 1e-6);
  CHECK(worst({.l2 = 0.1}, ae::TiedWeights{}) < 1e-6);
  CHECK(worst({0.3, 0.1, 0.1, 0.3, 0.1, 2}, ae::TiedWeights{}) < 1e-6);
}

TEST_CASE("scaled data and deep encoders of other activations are checked alike") {
  ae::StackedAutoencoder<double, ae::Stack<double, ae::Silu, ae::Identity>> deep({6, 5, 4, 2}, 1);
  deep.set_scaler(ae::Scaler<double>(ae::Vector<double>::Constant(6, 0.5), 3));
  CHECK(ae::check_gradients(deep, x, ae::Contractive{0.1}, ae::SparseL1{0.1}, ae::L2{0.1},
                            ae::Huber{0.4})
            .error < 1e-6);
}

TEST_CASE("a gradient that is wrong is found, with its place") {
  const auto check = ae::check_gradients(model, x, Wrong{});
  CHECK(check.error > 0.04);
  CHECK(check.layer < 4);
  CHECK(says(message_of<ae::ShapeError>([&] { ae::check_gradients(model, x.topRows(5).eval()); }),
             "columns of 6", "5 x 9"));
}
