#include "ae/models/folded.hpp"

#include "ae/io/checkpoint.hpp"
#include "ae/io/model_file.hpp"
#include "ae/layers/batch_norm.hpp"
#include "ae/models/inference.hpp"
#include "ae/parts/activity_penalty.hpp"
#include "ae/tools/check_gradients.hpp"
#include "support/expect.hpp"
#include "support/files.hpp"

using ae::Index;
using ae::Matrix;

namespace {

template <class Scalar>
using Normalised =
    ae::StackedAutoencoder<Scalar, ae::BatchNormStack<Scalar, ae::Elu, ae::Identity>>;

const TemporaryFolder folder;

template <class Scalar>
Matrix<Scalar> samples(Index count = 60) {
  std::srand(3);
  const Matrix<Scalar> x = Matrix<Scalar>::Random(8, 2) * Matrix<Scalar>::Random(2, count);
  return x.array() + Scalar(0.5);
}

template <class Scalar>
Normalised<Scalar> trained(const ae::FitOptions& options = {
                               .epochs = 20, .batch_size = 20, .learning_rate = 1e-2}) {
  Normalised<Scalar> model({8, 6, 4, 2}, 1);
  model.fit(samples<Scalar>(), options);
  return model;
}

/// The running mean of the first layer.
template <class Model>
auto first_mean(const Model& model) {
  ae::Vector<typename Model::Scalar> mean;
  model.network().template part<0>().visit(0, [&](const auto& layer) {
    if constexpr (requires { layer.running_mean(); }) mean = layer.running_mean();
  });
  return mean;
}

}  // namespace

TEST_CASE("a model with batch normalisation has right gradients, also with other parts") {
  // Not linear codes, whose bias would change nothing in front of a batch normalisation.
  using Bent = ae::BatchNormStack<double, ae::Elu>;
  const ae::StackedAutoencoder<double, Bent> model({8, 6, 4, 2}, 1);
  const Matrix<double> x = samples<double>(40);
  CHECK(ae::check_gradients(model, x).error < 1e-6);
  CHECK(ae::check_gradients(model, x, ae::L2{1e-2}, ae::SparseL1{0.1}, ae::Dropout{0.2}).error <
        1e-6);
  CHECK(ae::check_gradients(model, x, ae::TiedWeights{}).error < 1e-6);
}

TEST_CASE_TEMPLATE("a trained model folds to one of dense layers that gives the same", Scalar,
                   float, double) {
  auto model = trained<Scalar>(
      {.epochs = 100, .batch_size = 20, .learning_rate = 1e-2, .scaling = ae::Scaling::standard});
  model.set_threshold(0.25);
  const Matrix<Scalar> x = samples<Scalar>();
  const ae::StackedAutoencoder<Scalar, ae::Stack<Scalar, ae::Elu, ae::Identity>> plain =
      ae::folded(model);
  const Matrix<Scalar> y = model.reconstruct(x);
  const Scalar bound = std::is_same_v<Scalar, float> ? Scalar(1e-6) : Scalar(1e-12);
  CHECK(plain.reconstruct(x).isApprox(y, bound));
  CHECK(plain.threshold() == 0.25);
  CHECK(model.reconstruct(x.col(7)).isApprox(y.col(7), bound));
  CHECK(model.evaluate(x) < 0.04);
  const ae::Inference<Scalar> inference(plain);
  typename ae::Inference<Scalar>::Workspace workspace;
  ae::Vector<Scalar> one(8);
  inference.reconstruct(x.col(7), one, workspace);
  CHECK(one.isApprox(y.col(7), 10 * bound));
}

TEST_CASE("a chain folds its layers, plain ones stay, and weights of zero are not drawn anew") {
  ae::BatchNormDense<double, ae::Relu> layer(5, 3);
  ae::Dense<double> dense(3, 5);
  const ae::StackedAutoencoder model(layer, dense);
  auto network = model.network();
  network.visit(0, [](auto& first) {
    if constexpr (requires { first.gamma(); }) first.parameter(2).value.setZero();
  });
  auto zero = model;
  zero.set_network(network);
  const auto plain = ae::folded(zero);
  CHECK(plain.weight(0).isZero(0));
  CHECK(plain.weight(1) == model.weight(1));
}

TEST_CASE("all ways of a fit train it: clipped, averaged, with the best kept, and in one step") {
  const Matrix<double> x = samples<double>();
  const ae::FitOptions options{.epochs = 3, .batch_size = 20};
  Normalised<double> plain({8, 6, 4, 2}, 1);
  auto clipped = plain, best = plain, one = plain;
  plain.fit(x, options);
  clipped.fit(x, options, ae::ClipGradients{.norm = 1e9});
  CHECK(clipped.reconstruct(x) == plain.reconstruct(x));  // through memory: the same bits
  CHECK(first_mean(clipped) == first_mean(plain));
  auto averaged = plain;
  averaged.fit(x, {.epochs = 3, .batch_size = 20, .ema_decay = 0.9});
  CHECK(first_mean(averaged).allFinite());
  best.fit(x, {.epochs = 30, .batch_size = 20, .validation_split = 0.2, .patience = 3});
  CHECK(best.evaluate(x) < 1);
  one.partial_fit(x, 1e-3);
  CHECK_FALSE(first_mean(one).isZero(0));
  auto layerwise = plain;
  CHECK(layerwise.pretrain(x, options).size() == 3);
}

TEST_CASE("batches of one sample are refused before anything is learnt") {
  Normalised<float> model({8, 6, 4, 2});
  const Matrix<float> x = samples<float>(21);
  const auto error = [&](Index size) {
    return message_of<ae::OptionError>([&] { model.fit(x, {.epochs = 2, .batch_size = size}); });
  };
  CHECK(says(error(20), "at least 2 samples", "found one of 1", "21 samples in batches of 20"));
  CHECK(says(error(1), "at least 2 samples", "found one of 1"));
  CHECK(says(message_of<ae::OptionError>([&] { model.partial_fit(x.col(0), 1e-3); }), "found one"));
  CHECK(model.training().steps == 0);
  CHECK(first_mean(model).isZero(0));
  model.fit(x, {.epochs = 1, .batch_size = 20, .order = ae::Order::sequential});  // whole batches
}

TEST_CASE("a fit that diverges leaves the running statistics finite") {
  Normalised<double> model({8, 6, 4, 2});
  Matrix<double> x = samples<double>();
  x(3, 5) = std::nan("");
  CHECK_THROWS_AS(model.fit(x, {.epochs = 1, .batch_size = 60}), ae::DivergenceError);
  CHECK(first_mean(model).isZero(0));
}

TEST_CASE("it is saved and loaded with its running statistics, as no model of dense layers") {
  const auto model = trained<float>();
  const auto path = folder / "model.safetensors";
  ae::save(model, path);
  const auto again = ae::load<Normalised<float>>(path);
  const Matrix<float> x = samples<float>();
  CHECK(again.reconstruct(x) == model.reconstruct(x));
  CHECK(first_mean(again) == first_mean(model));
  using Plain = ae::StackedAutoencoder<float, ae::Stack<float, ae::Elu, ae::Identity>>;
  CHECK(
      says(message_of<ae::FileError>([&] { ae::load<Plain>(path); }), "batch_norm", "activation"));
  ae::save(ae::folded(model), path);
  CHECK(ae::load<Plain>(path).reconstruct(x).isApprox(model.reconstruct(x), 1e-6F));
}

TEST_CASE("a fit that goes on from a checkpoint ends in the same bits") {
  const Matrix<float> x = samples<float>();
  const auto path = folder / "fit.safetensors";
  ae::FitOptions options{.epochs = 4, .batch_size = 20};
  Normalised<float> whole({8, 6, 4, 2}), parts = whole, other = whole;
  whole.fit(x, options);
  options.callbacks = {[](ae::Progress& at) { at.stop = at.step == 5; }};
  parts.fit(x, options);
  ae::save_checkpoint(parts, path);
  ae::load_checkpoint(other, path);
  other.fit(x, {.epochs = 4, .batch_size = 20, .resume = true});
  CHECK(other.reconstruct(x) == whole.reconstruct(x));
  CHECK(first_mean(other) == first_mean(whole));
}
