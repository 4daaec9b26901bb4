#include "ae/core/concepts.hpp"

#include "ae/data/augmented.hpp"
#include "ae/data/cifar.hpp"
#include "ae/data/scaler.hpp"
#include "ae/detail/data/subset.hpp"
#include "ae/layers/stack.hpp"
#include "ae/models/pca.hpp"
#include "ae/parts/activity_penalty.hpp"
#include "ae/parts/any_activation.hpp"
#include "ae/parts/any_loss.hpp"
#include "ae/parts/any_optimizer.hpp"
#include "ae/parts/augmentation.hpp"
#include "ae/parts/corruption.hpp"
#include "ae/parts/gaussian_kl.hpp"
#include "ae/parts/loss.hpp"
#include "ae/parts/optimizer.hpp"
#include "ae/parts/regularizer.hpp"
#include "support/expect.hpp"
#include "support/gradient_check.hpp"

using ae::Index;
using ae::Matrix;

namespace {

struct Nothing {};

struct Softplus {
  static constexpr std::string_view name = "softplus";
  auto value(const auto& z) const { return (1 + z.exp()).log(); }
  auto derivative(const auto& y) const { return 1 - (-y).exp(); }
};

struct Nameless {
  auto value(const auto& z) const { return z; }
  auto derivative(const auto& y) const { return y; }
};

/// What works for one scalar only, as a struct that is no template may.
struct ForDouble {
  static constexpr std::string_view name = "for double";
  static constexpr Index moments = 0;
  using Array = Eigen::ArrayXXd;
  Array value(const Array& z) const { return z; }
  Array derivative(const Array& z) const { return z; }
  Array value(const Array& y, const Array&) const { return y; }
  Array derivative(const Array& y, const Array&) const { return y; }
  double units(double) const { return 1; }
  double penalty(const Matrix<double>&) const { return 0; }
  Matrix<double> gradient(const Matrix<double>& weight) const { return weight; }
  double activity_penalty(const Matrix<double>&) const { return 0; }
  Matrix<double> activity_gradient(const Matrix<double>& codes) const { return codes; }
  void operator()(Matrix<double>&, const ae::Random&) const {}
  void augment(ae::MatrixRef<double>, const ae::Random&, std::uint64_t) const {}
  void corrupt(ae::MatrixRef<double>, const ae::Random&, std::uint64_t) const {}
  template <std::same_as<double> Scalar>
  auto rule(double, Index) const {
    return [](auto&&, const auto&) {};
  }
};

/// An optimizer whose rule takes `arguments` moments and says that there are `count` of them.
template <Index count, class... Arguments>
struct Moments {
  static constexpr Index moments = count;
  template <class Scalar>
  auto rule(double, Index) const {
    return [](auto&&, const auto&, Arguments...) {};
  }
};

/// A number in place of an expression.
struct Numbers {
  double value(const auto&, const auto&) const { return 0; }
  double derivative(const auto&, const auto&) const { return 0; }
  double units(double) const { return 1; }
  double penalty(const auto&) const { return 0; }
  double gradient(const auto&) const { return 0; }
};

template <class Scalar>
struct SourceOf {
  Index features() const { return 2; }
  Index samples() const { return 6; }
  void read(std::span<const Index> picks, ae::MatrixRef<Scalar> x) const {
    for (std::size_t i = 0; i < picks.size(); ++i) {
      x.col(static_cast<Index>(i)).setConstant(static_cast<Scalar>(picks[i] % 3));
    }
  }
};

struct AnyArgument {
  template <class T>
  AnyArgument(const T&) {}
};

}  // namespace

static_assert(ae::Activation<ae::Identity> && ae::Activation<ae::Elu> && ae::Activation<ae::Relu>);
static_assert(ae::Activation<ae::Sigmoid> && ae::Activation<ae::Tanh>);
static_assert(ae::Activation<ae::Gelu> && ae::Activation<Softplus>);
static_assert(!ae::Activation<Nameless> && !ae::Activation<ae::Mse> && !ae::Activation<Nothing>);
static_assert(!ae::Activation<ForDouble> && ae::Activation<ForDouble, double>);

// The library's own parts, which the concepts take as checked, are what the concepts ask for.
template <class T>
constexpr bool is_activation =
    ae::detail::ActivationOf<T, float>&& ae::detail::ActivationOf<T, double>;
static_assert(is_activation<ae::Identity> && is_activation<ae::Elu> && is_activation<ae::Selu> &&
              is_activation<ae::Relu> && is_activation<ae::LeakyRelu> &&
              is_activation<ae::Sigmoid> && is_activation<ae::Tanh> &&
              is_activation<ae::Softplus> && is_activation<ae::Gelu> && is_activation<ae::Silu> &&
              is_activation<ae::AnyActivation>);
template <class T>
constexpr bool is_loss = ae::detail::LossOf<T, float>&& ae::detail::LossOf<T, double>;
static_assert(is_loss<ae::Mse> && is_loss<ae::Mae> && is_loss<ae::Huber> &&
              is_loss<ae::BinaryCrossEntropy> && is_loss<ae::AnyLoss>);
template <class T>
constexpr bool is_regularizer =
    ae::detail::RegularizerOf<T, float>&& ae::detail::RegularizerOf<T, double>;
static_assert(is_regularizer<ae::NoRegularizer> && is_regularizer<ae::L1> &&
              is_regularizer<ae::L2> && is_regularizer<ae::Elastic>);
template <class T>
constexpr bool is_optimizer =
    ae::detail::OptimizerOf<T, float>&& ae::detail::OptimizerOf<T, double>;
static_assert(is_optimizer<ae::Adam> && is_optimizer<ae::AdamW> && is_optimizer<ae::Nadam> &&
              is_optimizer<ae::RmsProp> && is_optimizer<ae::Sgd> && is_optimizer<ae::Lion> &&
              is_optimizer<ae::AnyOptimizer>);
// And no other part may pass for one: own parts are of one kind.
static_assert(!ae::Loss<ae::Elu> && !ae::Activation<ae::Adam> && !ae::Optimizer<ae::L2>);

static_assert(ae::Initializer<ae::XavierUniform> && ae::Initializer<ae::XavierNormal>);
static_assert(!ae::Initializer<Nothing> && !ae::Initializer<ForDouble>);
static_assert(ae::Initializer<ForDouble, double>);

static_assert(ae::Loss<ae::Mse> && ae::Loss<ae::Huber> && ae::Loss<ae::BinaryCrossEntropy>);
static_assert(!ae::Loss<Softplus> && !ae::Loss<Nothing>);
static_assert(!ae::Loss<ForDouble> && ae::Loss<ForDouble, double> && !ae::Loss<Numbers>);

static_assert(ae::Regularizer<ae::L2> && ae::Regularizer<ae::L1> && ae::Regularizer<ae::Elastic> &&
              ae::Regularizer<ae::NoRegularizer>);
static_assert(!ae::Regularizer<ae::Mse> && !ae::Regularizer<Nothing>);
static_assert(!ae::Regularizer<ForDouble> && ae::Regularizer<ForDouble, double> &&
              !ae::Regularizer<Numbers>);

static_assert(ae::Optimizer<ae::Adam> && ae::Optimizer<ae::Lion>);
static_assert(ae::Optimizer<Moments<0>> && ae::Optimizer<Moments<1, AnyArgument>> &&
              ae::Optimizer<Moments<2, AnyArgument, AnyArgument>>);
static_assert(!ae::Optimizer<ae::L2> && !ae::Optimizer<Nothing> && !ae::Optimizer<ForDouble> &&
              ae::Optimizer<ForDouble, double>);
static_assert(!ae::Optimizer<Moments<0, AnyArgument>> && !ae::Optimizer<Moments<1>> &&
              !ae::Optimizer<Moments<3, AnyArgument, AnyArgument, AnyArgument>>);

static_assert(ae::Augmentation<ae::RandomFlipAndShift> && !ae::Augmentation<ForDouble>);
static_assert(ae::Corruption<ae::GaussianNoise> && !ae::Corruption<ForDouble>);
static_assert(ae::ActivityPenalty<ae::SparseL1> && ae::ActivityPenalty<ae::SparseKl> &&
              ae::ActivityPenalty<ae::GaussianKl> && !ae::ActivityPenalty<ForDouble>);

static_assert(ae::Source<ae::detail::MatrixSource<float>> &&
              ae::Source<ae::detail::MatrixSource<double>>);
static_assert(ae::Source<ae::Pictures> && ae::Source<ae::Pictures, double>);
static_assert(!ae::Source<Matrix<float>> && !ae::Source<Nothing>);
static_assert(ae::Source<SourceOf<float>, float> && !ae::Source<SourceOf<float>, double>);
static_assert(ae::Source<SourceOf<double>, double> && !ae::Source<SourceOf<double>, float>);

template <class Data>
using Flipped = ae::Augmented<Data, ae::RandomFlipAndShift>;
template <class Data, class Scalar>
constexpr bool read_through =
    ae::Source<ae::detail::Subset<Data>, Scalar>&& ae::Source<Flipped<Data>, Scalar>;
static_assert(read_through<SourceOf<float>, float> && !read_through<SourceOf<float>, double>);
static_assert(!read_through<SourceOf<double>, float> && read_through<SourceOf<double>, double>);

static_assert(ae::Samples<SourceOf<float>> && !ae::Samples<SourceOf<float>, double>);
static_assert(ae::Samples<Matrix<float>, double> &&
              ae::Samples<std::remove_const_t<decltype(Matrix<int>() + Matrix<int>())>>);
static_assert(!ae::Samples<std::vector<float>> && !ae::Samples<Eigen::ArrayXXf>);

static_assert(ae::Layer<ae::Dense<float>> && ae::Layer<ae::Dense<double, Softplus>>);
static_assert(!ae::Layer<ae::Stack<float>> && !ae::Layer<Nothing>);

TEST_CASE("an activation of the caller's own is computed by a dense layer") {
  ae::Dense<double, Softplus> layer(1, 2);
  layer.set_weight((Matrix<double>(2, 1) << 1, -2).finished());
  ae::Workspace<double> workspace;
  ae::detail::forward(ae::Chain(layer), Matrix<double>::Ones(1, 1), workspace);
  const Matrix<double> y = workspace.output(0);
  CHECK(y(0) == doctest::Approx(std::log1p(std::exp(1.0))));
  CHECK(y(1) == doctest::Approx(std::log1p(std::exp(-2.0))));
  CHECK(layer.name() == "softplus");
}

TEST_CASE("a dense layer with an activation of the caller's own has the right gradients") {
  ae::Dense<double, Softplus> layer(5, 4);
  layer.initialize(ae::XavierUniform{}, ae::Random(1, ae::Purpose::initialise));
  Matrix<double> x(5, 3), target(4, 3);
  ae::XavierNormal{}(x, ae::Random(2, ae::Purpose::draw));
  ae::XavierNormal{}(target, ae::Random(3, ae::Purpose::draw));
  CHECK(worst_gradient_error(ae::Chain(layer), x, target) < 1e-6);
}

TEST_CASE("a source of one scalar is read wherever that scalar is") {
  CHECK(ae::Scaler<float>::fit(SourceOf<float>{}).center().isApproxToConstant(1));
  CHECK(ae::Scaler<double>::fit(SourceOf<double>{}).center().isApproxToConstant(1));
  CHECK(ae::Pca<float>::fit(SourceOf<double>{}, 1).explained() == doctest::Approx(1));
}
