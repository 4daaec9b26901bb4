#include "ae/models/variational.hpp"

#include "ae/tools/check_gradients.hpp"
#include "support/expect.hpp"

using ae::Matrix;

namespace {

using Gaussian = ae::VariationalAutoencoder<double>;
using Bernoulli = ae::VariationalAutoencoder<double, ae::BernoulliLikelihood, ae::Tanh>;

const Matrix<double> x = Matrix<double>::Random(6, 40);

}  // namespace

static_assert(
    std::same_as<decltype(ae::VariationalAutoencoder({6, 5, 2}, ae::BernoulliLikelihood{})),
                 ae::VariationalAutoencoder<float, ae::BernoulliLikelihood, ae::Elu>>);
static_assert(
    std::same_as<decltype(ae::VariationalAutoencoder({6, 5, 2})), ae::VariationalAutoencoder<>>);

TEST_CASE("the gradients of the lower bound agree with central differences") {
  CHECK(ae::check_gradients(Gaussian({6, 5, 2}, {.sigma = 0.5}), x).error < 1e-6);
  CHECK(ae::check_gradients(Gaussian({6, 5, 2}), x, ae::GaussianKl{3}, ae::L2{0.1}).error < 1e-6);
  const Matrix<double> shares = (x.array() + 1) / 2;
  CHECK(ae::check_gradients(Bernoulli({6, 5, 2}), shares).error < 1e-6);
}

TEST_CASE("without noise and divergence it is the plain autoencoder") {
  using Layers = ae::Stack<double, ae::Elu, ae::Identity>;
  Gaussian model({6, 5, 2}, {.sigma = 1});
  ae::StackedAutoencoder plain(Layers({6, 5, 2}), Layers({2, 5, 6}));
  for (ae::Index i = 0; i < 4; ++i) {
    model.network().visit(i, [&](const auto& layer) {
      const ae::Index rows = i == 1 ? 2 : layer.outputs();
      plain.set_weight(i, layer.weight().topRows(rows));
    });
  }
  const ae::FitOptions options{.epochs = 5, .batch_size = 8, .learning_rate = 0.01};
  const auto one =
      model.fit(x, options, ae::GaussianKl{0}, ae::detail::Reparameterization{.noise = false});
  const auto other = plain.fit(x, options);
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(one[i].data_loss == doctest::Approx(other[i].data_loss).epsilon(1e-12));
  }
  CHECK(model.reconstruct(x).isApprox(plain.reconstruct(x), 1e-12));
}

TEST_CASE("the lower bound has its two parts, and rises in training") {
  const Matrix<double> data = Matrix<double>::Random(6, 2) * Matrix<double>::Random(2, 300);
  Gaussian model({6, 8, 2}, {.sigma = 0.3}, 1);
  const ae::Evidence before = model.evidence(data);
  CHECK(before.lower_bound() == before.log_likelihood - before.divergence);
  const auto history = model.fit(data, {.epochs = 100, .batch_size = 50, .learning_rate = 5e-3},
                                 ae::GaussianKl{.warmup = 0.2});
  const ae::Evidence after = model.evidence(data);
  CHECK(after.lower_bound() > before.lower_bound());
  CHECK(after.divergence > 0.5);
  // The history's total is the bound without its constant, in the units of the loss.
  const double constant = 6 * (std::log(0.3) + std::log(2 * 3.14159265358979) / 2);
  CHECK(-after.lower_bound() - constant ==
        doctest::Approx(history.back().total() * 6 / (2 * 0.09)).epsilon(0.05));
}

TEST_CASE("the likelihood of an exact reconstruction is that of its formula") {
  Bernoulli model({4, 2}, {});
  for (ae::Index i = 0; i < 2; ++i) {
    const_cast<Bernoulli::Network&>(model.network()).visit(i, [](auto& layer) {
      layer.set_weight(0 * layer.weight());
    });
  }
  const ae::Evidence evidence = model.evidence(Matrix<double>::Constant(4, 10, 0.3));
  CHECK(evidence.log_likelihood == doctest::Approx(-4 * std::log(2.0)));
  CHECK(evidence.divergence == 0);
}

TEST_CASE("samples come by seed, interpolations hold both ends") {
  const Gaussian model({6, 5, 2}, {}, 4);
  CHECK(model.sample(7, 1).cols() == 7);
  CHECK(model.sample(7, 1) == model.sample(7, 1));
  CHECK(model.sample(7, 1) != model.sample(7, 2));
  const Matrix<double> line = model.interpolate(x.col(0), x.col(1), 5);
  CHECK(line.cols() == 5);
  CHECK(line.col(0).isApprox(model.reconstruct(x.col(0)), 1e-12));
  CHECK(line.col(4).isApprox(model.reconstruct(x.col(1)), 1e-12));
}

TEST_CASE("probabilities come out of a Bernoulli decoder") {
  const Bernoulli model({6, 5, 2}, {}, 4);
  const Matrix<double> y = model.reconstruct((x.array() + 1) / 2);
  CHECK(y.minCoeff() > 0);
  CHECK(y.maxCoeff() < 1);
}

TEST_CASE("log variances far outside their range have right gradients too") {
  for (const double bias : {14.0, 25.0, 100.0}) {
    CAPTURE(bias);
    Gaussian model({6, 5, 2}, {.sigma = 0.5});
    model.set_bias(1, (Eigen::VectorXd(4) << 0, 0, bias, -bias).finished());
    CHECK(ae::check_gradients(model, x, ae::GaussianKl{0.1}).error < 1e-5);
    const Matrix<double> codes = model.distributions(x);
    CHECK(codes.row(2).maxCoeff() < 6);
    CHECK(codes.row(2).minCoeff() > 3);
    CHECK(codes.row(3).maxCoeff() < -10);
    CHECK(codes.row(3).minCoeff() > -20);
    Gaussian learning({6, 5, 2}, {.sigma = 0.5, .learnt = true});
    CHECK(ae::check_gradients(learning, x, ae::L2{0.1}).error < 1e-6);
  }
}

TEST_CASE_TEMPLATE("raw columns up to 1e6 and log variances that overflow train on", Scalar, float,
                   double) {
  const Matrix<Scalar> scales = Eigen::VectorXd::LinSpaced(6, 0, 6)
                                    .unaryExpr([](double power) { return std::pow(10, power); })
                                    .template cast<Scalar>();
  const Matrix<Scalar> raw =
      (scales.asDiagonal() * (Matrix<Scalar>::Random(6, 2) * Matrix<Scalar>::Random(2, 200)))
          .eval();
  for (const ae::GaussianLikelihood likelihood : {ae::GaussianLikelihood{}, {.sigma = 1}}) {
    ae::VariationalAutoencoder<Scalar> model({6, 16, 2}, likelihood, 1);
    for (const Scalar value : model.distributions(raw).reshaped()) CHECK(std::isfinite(value));
    const double before = model.evaluate(raw);
    const auto history =
        model.fit(raw, {.epochs = 100, .batch_size = 20, .learning_rate = 3e-3, .warn = nullptr});
    CHECK(std::isfinite(history.back().total()));
    CHECK(std::isfinite(model.evidence(raw).lower_bound()));
    CHECK(model.evaluate(raw) < before);
  }
}

TEST_CASE("a sigma that is not given is learnt, whatever the units of the data") {
  const Matrix<double> plane = Matrix<double>::Random(6, 2) * Matrix<double>::Random(2, 300);
  for (const double scale : {0.05, 1.0, 300.0}) {
    CAPTURE(scale);
    const Matrix<double> data = scale * plane;
    Gaussian model({6, 16, 2}, {}, 1);
    CHECK(model.likelihood().learnt);
    model.fit(data, {.epochs = 150,
                     .batch_size = 30,
                     .learning_rate = 5e-3,
                     .scaling = ae::Scaling::common,
                     .warn = nullptr});
    CHECK(model.evidence(data).divergence > 2);
    const double variance = (data.colwise() - data.rowwise().mean()).array().square().mean();
    CHECK(model.evaluate(data) < variance / 20);
    CHECK(std::pow(model.likelihood().sigma, 2) < variance / 10);
  }
}

TEST_CASE("the sigma learnt is that of the latest epoch, or of the best with patience") {
  const ae::FitOptions options{.epochs = 12, .batch_size = 8, .learning_rate = 0.01};
  Gaussian model({6, 8, 2}, {}, 1);
  const auto history = model.fit(x, options);
  CHECK(model.likelihood().sigma == doctest::Approx(std::sqrt(history.back().data_loss)));
  Gaussian patient({6, 8, 2}, {}, 1);
  auto waiting = options;
  waiting.patience = 3;
  waiting.epochs = 60;
  waiting.learning_rate = 0.1;
  const auto measured = patient.fit(x, waiting, ae::Validation{x});
  std::size_t best = 0;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    if (measured[i].validation < measured[best].validation) best = i;
  }
  CHECK(best + 1 < measured.size());
  CHECK(patient.likelihood().sigma == doctest::Approx(std::sqrt(measured[best].data_loss)));
  CHECK(-patient.evidence(x).lower_bound() == doctest::Approx(measured[best].validation));
  Gaussian fixed({6, 8, 2}, {.sigma = 0.3}, 1);
  fixed.fit(x, options);
  CHECK(fixed.likelihood().sigma == 0.3);
}

TEST_CASE("missing values have no part in the evidence") {
  Gaussian model({6, 5, 2}, {.sigma = 0.5}, 3);
  ae::Scaler<double> scaler(Eigen::VectorXd::Constant(6, 0.2), 2.0);
  scaler.set_missing(ae::Missing::allowed);
  model.set_scaler(scaler);
  Matrix<double> some = x.leftCols(1), filled = some;
  some(4, 0) = std::nan("");
  filled(4, 0) = 0.2;  // what goes in in its place
  const ae::Evidence with = model.evidence(filled), without = model.evidence(some);
  CHECK(without.divergence == with.divergence);
  // The decoder's value there, seen through another target for it.
  filled(4, 0) = std::nan("");
  CHECK(model.evidence(filled).log_likelihood == without.log_likelihood);
  Matrix<double> none = Matrix<double>::Constant(6, 1, std::nan(""));
  CHECK(model.evidence(none).log_likelihood == 0);
  Gaussian plain({6, 5, 2}, {.sigma = 0.5}, 3);
  CHECK(says(message_of<ae::DataError>([&] { (void)plain.evidence(some); }), "evidence", "nan",
             "sample 0", "feature 4"));
}

TEST_CASE("what cannot be is refused") {
  Gaussian model({6, 5, 2});
  CHECK(says(message_of<ae::OptionError>([] { Gaussian({6, 2}, {.sigma = -1}); }), "sigma", "-1"));
  CHECK(says(message_of<ae::OptionError>([&] { model.sample(0); }), "count", "0"));
  CHECK(says(message_of<ae::OptionError>([&] { model.interpolate(x.col(0), x.col(1), 1); }),
             "2 steps", "found 1"));
  CHECK(says(message_of<ae::ShapeError>([&] { model.interpolate(x, x, 3); }), "one sample",
             "found 40"));
  CHECK(says(message_of<ae::ShapeError>([&] { model.decode(x); }), "columns of 2", "6 x 40"));
  CHECK(says(message_of<ae::OptionError>([&] { model.fit(x, {}, ae::GaussianKl{-1}); }), "weight",
             "-1"));
}
