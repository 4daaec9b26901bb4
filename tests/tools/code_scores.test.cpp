#include "ae/tools/code_scores.hpp"

#include "ae/models/stacked_autoencoder.hpp"
#include "ae/models/variational.hpp"
#include "support/expect.hpp"
#include "support/zero_model.hpp"

using ae::CodeDistanceScore;
using ae::CodeLikelihoodScore;
using ae::Index;
using ae::Matrix;
using ae::Vector;

namespace {

const double none = std::nan("");

}  // namespace

// SciPy: -multivariate_normal(mean, covariance).logpdf(codes).
TEST_CASE("a code is as unlikely as SciPy says") {
  const auto fitted = CodeLikelihoodScore::fit(ZeroModel{}, few_clean);
  CHECK(fitted.score(ZeroModel{}, few_others)
            .isApprox(Vector<double>{{2.01874459, 47.30043473}}, 1e-8));
  CHECK(fitted.mixture().code_size() == 2);
}

// scikit-learn: NearestNeighbors(3).fit(codes).kneighbors(others).
TEST_CASE("a code is as far from its neighbor as scikit-learn says") {
  const auto fitted = CodeDistanceScore::fit(ZeroModel{}, few_clean, {.neighbor = 3});
  CHECK(fitted.score(ZeroModel{}, few_others)
            .isApprox(Vector<double>{{1.80277564, 4.12310563}}, 1e-8));
  CHECK(fitted.codes() == few_clean.topRows(2));
}

TEST_CASE("of many clean samples some are drawn, each once and by the seed") {
  Matrix<double> x = Matrix<double>::Zero(3, 600);
  for (Index j = 0; j < 600; ++j) x(0, j) = static_cast<double>(j);
  const auto kept = [&](std::uint64_t seed) {
    const auto fitted = CodeDistanceScore::fit(ZeroModel{}, ae::detail::as_source(x),
                                               {.neighbor = 1, .most_codes = 200, .seed = seed});
    Vector<double> codes = fitted.codes().row(0).transpose();
    std::sort(codes.begin(), codes.end());
    CHECK(codes.size() == 200);
    CHECK(std::adjacent_find(codes.begin(), codes.end()) == codes.end());
    return codes;
  };
  CHECK(kept(1) == kept(1));
  CHECK(kept(1) != kept(2));
}

TEST_CASE("codes of models tell samples that are given back well, but far off") {
  const Matrix<float> basis{{1, 0}, {0, 1}, {1, 1}, {1, -1}, {0.5f, 1}, {1, 0.5f}};
  const ae::Random random(1, ae::Purpose::draw);
  const Matrix<float> causes = Matrix<float>::NullaryExpr(2, 300, [&](Index i, Index j) {
    return static_cast<float>(random.uniform(static_cast<std::uint64_t>(2 * j + i), -1, 1));
  });
  const Matrix<float> clean = basis * causes;
  const Matrix<float> far = basis * (causes.leftCols(50).array() + 8).matrix();
  const auto parts = [&](const auto& model) {
    const auto unlikely = CodeLikelihoodScore::fit(model, clean, {.components = 2});
    const auto distance = CodeDistanceScore::fit(model, clean);
    CHECK(unlikely.score(model, far).minCoeff() > unlikely.score(model, clean).maxCoeff());
    CHECK(distance.score(model, far).minCoeff() > distance.score(model, clean).maxCoeff());
  };
  parts(ae::StackedAutoencoder({6, 2}, 1));
  parts(ae::VariationalAutoencoder({6, 2}, ae::GaussianLikelihood{}, 1));
}

TEST_CASE("missing values enter as the scaler has it, and others are refused with their place") {
  const auto unlikely = CodeLikelihoodScore::fit(ZeroModel{}, few_clean);
  const auto distance = CodeDistanceScore::fit(ZeroModel{}, few_clean);
  Matrix<double> x = few_others;
  x(2, 1) = none;  // which the code does not see
  const ZeroModel model = ZeroModel{}.with_missing();
  CHECK(unlikely.score(model, x) == unlikely.score(model, few_others));
  CHECK(distance.score(model, x) == distance.score(model, few_others));
  Matrix<double> empty = x;
  empty.col(0).setConstant(none);
  CHECK(says(message_of<ae::DataError>([&] { distance.score(model, empty); }),
             "at least one value, found none in sample 0"));
  CHECK(says(message_of<ae::DataError>([&] { CodeLikelihoodScore::fit(model, empty); }),
             "at least one value, found none in sample 0"));

  x(0, 1) = none;  // of which this model makes a code that is no number
  CHECK(unlikely.score(model, x)[1] == HUGE_VAL);
  CHECK(distance.score(model, x)[1] == HUGE_VAL);
  CHECK(says(message_of<ae::DataError>([&] { CodeDistanceScore::fit(model, x, {.neighbor = 1}); }),
             "code distance score, codes: expected finite", "in sample 1, feature 0"));
  for (const double bad : {none, HUGE_VAL}) {
    x(2, 1) = bad;
    const auto refuses = [](auto&& call) {
      return says(message_of<ae::DataError>(call), "expected finite values, found", "in sample 1");
    };
    CHECK(refuses([&] { unlikely.score(ZeroModel{}, x); }));
    CHECK(refuses([&] { distance.score(ZeroModel{}, x); }));
    CHECK(refuses([&] { CodeLikelihoodScore::fit(ZeroModel{}, x); }));
    CHECK(refuses([&] { CodeDistanceScore::fit(ZeroModel{}, x, {.neighbor = 1}); }));
  }
}

TEST_CASE("neighbors that are not there and samples of another width are refused") {
  for (const Index bad : {0, 6, -1}) {
    CHECK(says(message_of<ae::OptionError>(
                   [&] { CodeDistanceScore::fit(ZeroModel{}, few_clean, {.neighbor = bad}); }),
               "from 1 to 5", ae::detail::text("found ", bad)));
  }
  for (const Index bad : {0, -1}) {
    CHECK(says(message_of<ae::OptionError>(
                   [&] { CodeDistanceScore::fit(ZeroModel{}, few_clean, {.most_codes = bad}); }),
               "at least 1", ae::detail::text("found ", bad)));
  }
  const auto distance = CodeDistanceScore::fit(ZeroModel{}, few_clean);
  CHECK(says(message_of<ae::ShapeError>([&] { distance.score(ZeroModel{}, Matrix<double>(2, 1)); }),
             "3 features", "found 2"));
  CHECK(says(
      message_of<ae::ShapeError>([] { CodeDistanceScore::fit(ZeroModel{}, Matrix<double>(3, 0)); }),
      "at least one sample"));
  CHECK(says(message_of<ae::ShapeError>(
                 [] { CodeLikelihoodScore::fit(ZeroModel{}, Matrix<double>(3, 0)); }),
             "at least one sample"));
}
