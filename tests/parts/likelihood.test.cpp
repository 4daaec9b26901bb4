#include "ae/parts/likelihood.hpp"

#include "support/expect.hpp"

TEST_CASE("a normal likelihood is its density, by loss, unit and constant") {
  const ae::GaussianLikelihood likelihood{.sigma = 0.7};
  const double error = 0.4;
  const double density =
      std::exp(-error * error / (2 * 0.49)) / std::sqrt(2 * 3.14159265358979323846 * 0.49);
  CHECK(-error * error / likelihood.loss_unit() - likelihood.constant() ==
        doctest::Approx(std::log(density)));
  CHECK(says(message_of<ae::OptionError>([] { ae::GaussianLikelihood{-1}.require_valid(); }),
             "sigma", "-1"));
}

TEST_CASE("a sigma that is given stays, another is learnt") {
  CHECK(ae::GaussianLikelihood{}.learnt);
  CHECK_FALSE(ae::GaussianLikelihood{.sigma = 2}.learnt);
  CHECK(ae::GaussianLikelihood{.sigma = 2, .learnt = true}.learnt);
  CHECK_NOTHROW(ae::GaussianLikelihood{}.require_valid());
  CHECK_THROWS_AS((ae::GaussianLikelihood{0, false}.require_valid()), ae::OptionError);
}

TEST_CASE("a coin's mean is the logistic function of its logit") {
  const ae::Matrix<double> logits = ae::Matrix<double>::Constant(1, 1, 2);
  CHECK(ae::BernoulliLikelihood::mean(logits)(0, 0) == doctest::Approx(1 / (1 + std::exp(-2.0))));
}
