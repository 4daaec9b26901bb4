#include "ae/detail/parts/loss_domain.hpp"

#include "ae/autoencoder.hpp"
#include "ae/io/checkpoint.hpp"
#include "ae/io/export_header.hpp"
#include "ae/io/model_file.hpp"
#include "ae/io/onnx.hpp"
#include "ae/models/inference.hpp"
#include "ae/models/variational.hpp"
#include "ae/parts/any_loss.hpp"
#include "ae/tools/anomaly.hpp"
#include "support/expect.hpp"
#include "support/same.hpp"

using ae::BinaryCrossEntropy;
using ae::Index;
using ae::Matrix;

namespace {

using Model = ae::StackedAutoencoder<double>;
using Bernoulli = ae::VariationalAutoencoder<double, ae::BernoulliLikelihood>;

/// Samples from 0 to 1 that lie near a plane.
Matrix<double> shares(Index samples = 300) {
  const ae::Random random(1, ae::Purpose::draw);
  std::uint64_t at = 0;
  const auto next = [&] { return random.normal(at++); };
  const Matrix<double> mix = Matrix<double>::NullaryExpr(6, 2, next);
  const Matrix<double> codes = Matrix<double>::NullaryExpr(2, samples, next);
  return (mix * codes).unaryExpr([](double z) { return 1 / (1 + std::exp(-z)); });
}

const Matrix<double> x = shares();
const ae::FitOptions options{
    .epochs = 60, .batch_size = 20, .learning_rate = 0.01, .warn = nullptr};

const Model& fitted() {
  static const Model model = [] {
    Model made({6, 8, 2});
    made.fit(x, options, BinaryCrossEntropy{});
    return made;
  }();
  return model;
}

double cross_entropy(const Matrix<double>& p, const Matrix<double>& to) {
  return -(to.array() * p.array().log() + (1 - to.array()) * (1 - p.array()).log()).mean();
}

std::string refusal(const auto& model, const Matrix<double>& data,
                    const ae::FitOptions& with = {.epochs = 1, .warn = nullptr}) {
  auto copy = model;
  const std::string found =
      message_of<ae::DataError>([&] { copy.fit(data, with, BinaryCrossEntropy{}); });
  CHECK(same_parameters(copy, model));
  CHECK(copy.scaler().is_identity() == model.scaler().is_identity());
  return found;
}

}  // namespace

TEST_CASE("losses say what they take, those of the caller's own need not") {
  CHECK(ae::detail::link_of(BinaryCrossEntropy{}) == ae::Link::logistic);
  CHECK(ae::detail::link_of(ae::Mse{}) == ae::Link::identity);
  CHECK(ae::detail::link_of(ae::AnyLoss::named("binary_cross_entropy")) == ae::Link::logistic);
  CHECK(ae::detail::link_of(ae::AnyLoss::named("huber")) == ae::Link::identity);
  CHECK(ae::detail::targets_of(ae::AnyLoss(BinaryCrossEntropy{})).highest == 1);
  CHECK(std::isinf(ae::detail::targets_of(ae::Mae{}).highest));
}

TEST_CASE("a model that learnt with cross-entropy gives probabilities") {
  const Model& model = fitted();
  const Matrix<double> y = model.reconstruct(x), logits = model.outputs(x);
  CHECK(y.minCoeff() > 0);
  CHECK(y.maxCoeff() < 1);
  CHECK(y.isApprox((1 / (1 + (-logits.array()).exp())).matrix(), 1e-12));
  CHECK(model.decode(model.encode(x)).isApprox(y, 1e-12));
  const double variance = (x.colwise() - x.rowwise().mean()).array().square().mean();
  CHECK(model.evaluate(x) == doctest::Approx((y - x).array().square().mean()));
  CHECK(model.evaluate(x) < variance / 20);
  CHECK(model.evaluate(x, BinaryCrossEntropy{}) == doctest::Approx(cross_entropy(y, x)));
}

TEST_CASE("its scores tell samples off the plane from those on it") {
  const Matrix<double> odd = (Matrix<double>::Random(6, 200).array() + 1) / 2;
  CHECK(ae::area_under_curve(ae::score(fitted(), x), ae::score(fitted(), odd)) > 0.98);
}

TEST_CASE("the link is in every file, and in Inference") {
  const TemporaryFolder folder;
  const Model& model = fitted();
  const Matrix<double> y = model.reconstruct(x);
  ae::save(model, folder / "model.safetensors");
  const auto loaded = ae::load<Model>(folder / "model.safetensors");
  CHECK(loaded.link() == ae::Link::logistic);
  CHECK(loaded.reconstruct(x) == y);
  Model restored({6, 8, 2});
  ae::restore_checkpoint(restored, ae::checkpoint_bytes(model), "checkpoint");
  CHECK(restored.reconstruct(x) == y);
  Model plain({6, 8, 2});
  plain.set_link(ae::Link::logistic);
  ae::restore_checkpoint(plain, ae::checkpoint_bytes(Model({6, 8, 2})), "checkpoint");
  CHECK(plain.link() == ae::Link::identity);

  const ae::Inference inference(model);
  ae::Inference<double>::Workspace workspace;
  ae::Vector<double> one(6);
  inference.reconstruct(x.col(3), one, workspace);
  CHECK(one.isApprox(y.col(3), 1e-12));
  ae::export_onnx(model, folder / "model.onnx");
  CHECK(ae::read_file(folder / "model.onnx").find("Sigmoid") != std::string::npos);
  ae::export_header(model, folder / "model.hpp");
  CHECK(ae::read_file(folder / "model.hpp").find("z = y[i]") != std::string::npos);
}

TEST_CASE("the link is that of the latest fit") {
  Model model = fitted();
  model.fit(x, {.epochs = 1, .warn = nullptr});
  CHECK(model.link() == ae::Link::identity);
  CHECK(model.reconstruct(x) == model.outputs(x));
  CHECK(says(message_of<ae::OptionError>([&] { model.evaluate(x, BinaryCrossEntropy{}); }),
             "fitted with this loss"));
  model.partial_fit(x, 1e-3, BinaryCrossEntropy{});
  CHECK(model.link() == ae::Link::logistic);
  CHECK_THROWS_AS(model.fit(x, {.epochs = 0}), ae::OptionError);
  CHECK(model.link() == ae::Link::logistic);
}

TEST_CASE("validation measures the loss that is learnt") {
  Model model({6, 8, 2});
  const auto history =
      model.fit(x, {.epochs = 5, .validation_split = 0.3, .warn = nullptr}, BinaryCrossEntropy{});
  CHECK(history.back().validation == doctest::Approx(history.back().data_loss).epsilon(0.1));
}

TEST_CASE("targets that the loss does not take are refused with sample, feature and value") {
  const Model model({6, 8, 2});
  Matrix<double> bad = x;
  bad(4, 7) = 1.5;
  CHECK(says(refusal(model, bad), "from 0 to 1", "found 1.5", "sample 7", "feature 4"));
  bad(4, 7) = -0.25;
  CHECK(says(refusal(model, bad), "found -0.25", "sample 7", "feature 4"));
  CHECK(says(refusal(model, 255 * x), "after the scaler"));
  const ae::FitOptions scaled{.epochs = 1, .scaling = ae::Scaling::standard, .warn = nullptr};
  CHECK(says(refusal(model, x, scaled), "after the scaler"));
  CHECK(says(message_of<ae::DataError>([&] { fitted().evaluate(bad, BinaryCrossEntropy{}); }),
             "evaluate", "found -0.25", "sample 7", "feature 4"));
  Model with_validation = model;
  CHECK(says(message_of<ae::DataError>([&] {
               with_validation.fit(x, {.epochs = 1}, BinaryCrossEntropy{}, ae::Validation{bad});
             }),
             "evaluate", "found -0.25", "sample 7"));
}

TEST_CASE("a scaler that brings the data to 0..1 is taken, and missing values are left out") {
  Model model({6, 8, 2});
  model.set_scaler({ae::Vector<double>::Zero(6), 255});
  auto longer = options;
  longer.epochs = 20;
  Matrix<double> bytes = 255 * x;
  model.fit(bytes, longer, BinaryCrossEntropy{});
  CHECK(model.reconstruct(bytes).maxCoeff() < 255);
  CHECK(model.reconstruct(bytes).maxCoeff() > 128);
  const double loss = model.evaluate(bytes, BinaryCrossEntropy{});
  CHECK(loss == doctest::Approx(cross_entropy(model.reconstruct(bytes) / 255, x)));

  ae::Scaler<double> scaler = model.scaler();
  scaler.set_missing(ae::Missing::allowed);
  model.set_scaler(scaler);
  bytes(2, 5) = std::nan("");
  const Matrix<double> y = model.reconstruct(bytes) / 255;
  Matrix<double> to = x, of = y;
  to(2, 5) = of(2, 5) = 0.5;
  const double all = cross_entropy(of, to) * static_cast<double>(x.size()) - std::log(2.0);
  CHECK(model.evaluate(bytes, BinaryCrossEntropy{}) ==
        doctest::Approx(all / static_cast<double>(x.size() - 1)));
}

TEST_CASE("a last layer that is not linear is refused") {
  using Squashed =
      ae::StackedAutoencoder<double, ae::Stack<double>, ae::Stack<double, ae::Elu, ae::Sigmoid>>;
  Squashed model({6, 8, 2});
  CHECK(says(message_of<ae::OptionError>([&] { model.fit(x, {}, BinaryCrossEntropy{}); }),
             "last layer that is linear", "found sigmoid"));
  CHECK(model.link() == ae::Link::identity);
  CHECK_NOTHROW(model.fit(x, {.epochs = 1, .warn = nullptr}));
}

TEST_CASE("a Bernoulli model refuses data outside 0..1, in a fit and in its evidence") {
  Bernoulli model({6, 8, 2});
  Matrix<double> centred = x.array() - 0.5;
  CHECK(says(message_of<ae::DataError>([&] { model.fit(centred, {.epochs = 1}); }), "from 0 to 1"));
  CHECK(says(message_of<ae::DataError>([&] { (void)model.evidence(centred); }), "evidence",
             "from 0 to 1"));
  const Matrix<double> y = model.reconstruct(x);
  CHECK(model.evaluate(x, BinaryCrossEntropy{}) == doctest::Approx(cross_entropy(y, x)));
}
