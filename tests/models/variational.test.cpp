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
  Gaussian model({6, 5, 2});
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

TEST_CASE("what cannot be is refused") {
  Gaussian model({6, 5, 2});
  CHECK(says(message_of<ae::OptionError>([] { Gaussian({6, 2}, {.sigma = 0}); }), "sigma", "0"));
  CHECK(says(message_of<ae::OptionError>([&] { model.sample(0); }), "count", "0"));
  CHECK(says(message_of<ae::OptionError>([&] { model.interpolate(x.col(0), x.col(1), 1); }),
             "2 steps", "found 1"));
  CHECK(says(message_of<ae::ShapeError>([&] { model.interpolate(x, x, 3); }), "one sample",
             "found 40"));
  CHECK(says(message_of<ae::ShapeError>([&] { model.decode(x); }), "columns of 2", "6 x 40"));
  CHECK(says(message_of<ae::OptionError>([&] { model.fit(x, {}, ae::GaussianKl{-1}); }), "weight",
             "-1"));
}
