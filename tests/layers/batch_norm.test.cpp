#include "ae/layers/batch_norm.hpp"

#include <limits>

#include "ae/models/stacked_autoencoder.hpp"
#include "ae/tools/check_gradients.hpp"
#include "support/expect.hpp"
#include "support/gradient_check.hpp"

using ae::BatchNormDense;
using ae::Index;
using ae::Matrix;

namespace {

template <class Scalar>
Matrix<Scalar> normal(Index rows, Index cols, std::uint32_t stream) {
  const ae::Random random(5, ae::Purpose::draw, stream);
  return Matrix<Scalar>::NullaryExpr(rows, cols, [&](Index row, Index col) {
    return static_cast<Scalar>(random.normal(static_cast<std::uint64_t>(row + rows * col)));
  });
}

/// A layer all of whose numbers differ from those that it begins with.
template <class Scalar, class Activation>
BatchNormDense<Scalar, Activation> filled(Index inputs, Index outputs, ae::BatchNorm options = {}) {
  BatchNormDense<Scalar, Activation> layer(inputs, outputs, {}, options);
  for (Index p = 0; p < 5; ++p) {
    auto value = layer.parameter(p).value;
    value = normal<Scalar>(value.rows(), value.cols(), static_cast<std::uint32_t>(p));
    if (p == 4) value = value.cwiseAbs2();
  }
  return layer;
}

template <class Scalar, class Layer>
Matrix<Scalar> output_of(const Layer& layer, const Matrix<Scalar>& x) {
  Matrix<Scalar> y(layer.outputs(), x.cols());
  ae::Product<Scalar> product;
  layer.forward(product, ae::linalg::const_view(x), ae::linalg::view(y),
                ae::linalg::no_view<Scalar>(), {});
  return y;
}

/// The way back of a fit whose loss is the sum of g y: dL/dx, and the gradients of the parameters.
template <class Layer>
Matrix<double> passed_back(Layer& layer, const Matrix<double>& x, const Matrix<double>& g,
                           std::vector<Matrix<double>>& gradients) {
  auto network = ae::Chain(layer);
  auto all = ae::detail::trainable(network);
  ae::Workspace<double> workspace;
  ae::detail::forward(all.layers, ae::linalg::const_view(x), workspace);
  workspace.delta(0) = g;
  gradients.clear();
  std::vector<ae::detail::StoreTile<double>> stores(5);
  for (Index p = 0; p < 5; ++p) {
    const auto& value = layer.parameter(p).value;
    gradients.push_back(Matrix<double>::Constant(value.rows(), value.cols(),
                                                 std::numeric_limits<double>::quiet_NaN()));
  }
  const auto epilogues = [&](Index, Index p) -> ae::linalg::EpilogueRef<double> {
    const auto at = static_cast<std::size_t>(p);
    return stores[at] = ae::detail::StoreTile<double>(ae::linalg::view(gradients[at]));
  };
  ae::detail::backward<double>(all, ae::linalg::const_view(x), workspace, epilogues);
  Matrix<double> dx(x.rows(), x.cols());
  ae::detail::backward_input(all, workspace, ae::linalg::view(dx));
  network.visit(0, [&](const auto& trained) { layer = trained; });
  return dx;
}

}  // namespace

TEST_CASE_TEMPLATE("a layer with batch normalisation has the gradients of central differences",
                   Activation, ae::Identity, ae::Elu, ae::Sigmoid, ae::Gelu) {
  for (const auto& [inputs, outputs, batch] :
       {std::tuple<Index, Index, Index>{7, 5, 4}, {2, 1, 5}, {3, 70, 6}}) {
    auto layer = filled<double, Activation>(inputs, outputs);
    const Matrix<double> g = normal<double>(outputs, batch, 8);
    Matrix<double> x = normal<double>(inputs, batch, 9);
    const auto loss = [&] { return g.cwiseProduct(output_of(layer.training(), x)).sum(); };
    auto changed = layer;
    std::vector<Matrix<double>> gradients;
    const Matrix<double> dx = passed_back(changed, x, g, gradients);
    CHECK(gradient_error(x, dx, loss) < 1e-6);
    for (Index p = 0; p < 3; ++p) {
      CAPTURE(p);
      CHECK(gradient_error(layer.parameter(p).value, gradients[static_cast<std::size_t>(p)], loss) <
            1e-6);
    }
    CHECK(gradients[3].array().isNaN().all());  // what the layer itself changes has none
    CHECK(gradients[4].array().isNaN().all());
  }
}

TEST_CASE("in training each feature has the mean beta and the deviation gamma") {
  auto layer = filled<double, ae::Identity>(4, 3, {.epsilon = 1e-12});
  const Matrix<double> y = output_of(layer.training(), normal<double>(4, 50, 9));
  CHECK(y.rowwise().mean().isApprox(layer.beta(), 1e-9));
  const Matrix<double> centred = y.colwise() - layer.beta();
  CHECK(
      (centred.rowwise().squaredNorm() / 50).cwiseSqrt().isApprox(layer.gamma().cwiseAbs(), 1e-9));
}

TEST_CASE("a step moves the running statistics towards the batch's; a forward pass does not") {
  auto layer = filled<double, ae::Elu>(4, 3, {.momentum = 0.25});
  const auto before = layer;
  const Matrix<double> x = normal<double>(4, 6, 9);
  output_of(layer.training(), x);
  CHECK(layer.running_mean() == before.running_mean());
  std::vector<Matrix<double>> gradients;
  passed_back(layer, x, normal<double>(3, 6, 8), gradients);
  const Matrix<double> u = layer.weight() * x;
  const Matrix<double> mean = u.rowwise().mean(), centred = u.colwise() - mean.col(0);
  CHECK(layer.running_mean().isApprox(0.75 * before.running_mean() + 0.25 * mean, 1e-12));
  CHECK(layer.running_variance().isApprox(
      0.75 * before.running_variance() + 0.25 / 5 * centred.rowwise().squaredNorm(), 1e-12));
}

TEST_CASE_TEMPLATE("outside of training a sample's output depends on it alone, and folds", Scalar,
                   float, double) {
  const auto layer = filled<Scalar, ae::Gelu>(20, 70);
  const Matrix<Scalar> x = normal<Scalar>(20, 9, 9), y = output_of(layer, x);
  const Scalar bound = std::is_same_v<Scalar, float> ? Scalar(1e-6) : Scalar(1e-12);
  CHECK(output_of(layer.folded(), x).isApprox(y, bound));
  const Matrix<Scalar> alone = x.col(4);
  CHECK(output_of(layer, alone).isApprox(y.col(4), bound));
  const Scalar epsilon = Scalar(1e-5);
  const Matrix<Scalar> u = layer.weight() * x;
  for (const Index row : {0, 69}) {
    const Scalar scale = layer.gamma()[row] / std::sqrt(layer.running_variance()[row] + epsilon);
    const Matrix<Scalar> v =
        ((u.row(row).array() - layer.running_mean()[row]) * scale + layer.beta()[row]).matrix();
    CHECK(y.row(row).isApprox(ae::Gelu{}.value(v.array()).matrix(), Scalar(20) * bound));
  }
}

TEST_CASE("a feature that is the same in all samples becomes beta, with finite gradients") {
  auto layer = filled<double, ae::Identity>(3, 2);
  const Matrix<double> x = Matrix<double>::Ones(3, 5);
  CHECK(output_of(layer.training(), x).isApprox(layer.beta().replicate(1, 5), 1e-9));
  std::vector<Matrix<double>> gradients;
  CHECK(passed_back(layer, x, normal<double>(2, 5, 8), gradients).allFinite());
  CHECK((gradients[0].allFinite() && gradients[1].allFinite() && gradients[2].allFinite()));
  CHECK((layer.running_variance().allFinite() && layer.running_variance().minCoeff() >= 0));
  layer.parameter(4).value.setZero();
  CHECK(output_of(layer.folded(), x).allFinite());
}

TEST_CASE("values that are not finite come out so") {
  const auto layer = filled<double, ae::Identity>(3, 2);
  Matrix<double> x = normal<double>(3, 4, 9);
  x(1, 2) = std::nan("");
  const Matrix<double> y = output_of(layer, x);
  CHECK(y.col(2).array().isNaN().all());
  CHECK(y.col(1).allFinite());
}

TEST_CASE("a batch of one, sizes of zero and numbers out of range are refused") {
  auto layer = filled<double, ae::Elu>(3, 2);
  CHECK(says(message_of<ae::ShapeError>(
                 [&] { output_of(layer.training(), Matrix<double>::Ones(3, 1).eval()); }),
             "at least 2 samples", "found 1"));
  CHECK(says(message_of<ae::ShapeError>([] { BatchNormDense<float>(0, 2); }), "0 inputs"));
  CHECK(says(message_of<ae::ShapeError>([] { ae::BatchNormStack<float>({3}); }), "two sizes",
             "found 1"));
  const auto error = [](ae::BatchNorm options) {
    return message_of<ae::OptionError>([&] { BatchNormDense<float>(3, 2, {}, options); });
  };
  CHECK(says(error({.epsilon = 0}), "epsilon", "found 0"));
  CHECK(says(error({.epsilon = 1e-300}), "epsilon"));  // 0 as a float
  CHECK(says(error({.epsilon = std::nan("")}), "epsilon", "nan"));
  CHECK(says(error({.momentum = 0}), "momentum", "found 0"));
  CHECK(says(error({.momentum = 1.5}), "momentum", "1.5"));
}

TEST_CASE("a stack normalises all layers but the last, and folds to a stack") {
  using Layers = ae::BatchNormStack<double, ae::Elu, ae::Identity>;
  Layers layers({6, 5, 4, 2});
  CHECK(layers.size() == 3);
  std::vector<Index> parameters;
  for (Index i = 0; i < 3; ++i) {
    layers.visit(i, [&](auto& layer) {
      parameters.push_back(layer.parameters);
      layer.initialize(ae::XavierUniform{}, ae::Random(1, ae::Purpose::initialise));
    });
  }
  CHECK(parameters == std::vector<Index>{5, 5, 2});
  const Matrix<double> x = normal<double>(6, 4, 1);
  ae::Workspace<double> one, other;
  ae::detail::forward(layers, x, one);
  const ae::Stack<double, ae::Elu, ae::Identity> folded = layers.folded();
  ae::detail::forward(folded, x, other);
  CHECK(Matrix<double>(one.output(2)).isApprox(other.output(2), 1e-12));
}
